import { createPublicKey, type KeyObject } from 'node:crypto';
import { bytesOf, contentOf, type Der, exactly, partsOf, readDer, tags } from './der.ts';

/** Named curves by their OID's content in hex, with the bytes of a coordinate. Source: RFC 5480, section 2.1.1.1 */
const curves: Readonly<Record<string, number>> = { '2a8648ce3d030107': 32, '2b81040022': 48, '2b81040023': 66 };
const [ecPublicKey, rsaEncryption] = ['2a8648ce3d0201', '2a864886f70d010101'];
/** Bits of a modulus. Shorter ones are not safe, and longer ones only cost time. */
const rsaBits = { least: 2048, most: 8192 };
const usualExponent = '010001';

/**
 * The key in a SubjectPublicKeyInfo: ECDSA on P-256, P-384 or P-521 with an uncompressed point, or RSA. Everything else that Go or
 * OpenSSL reads (compressed points, explicit curves, DSA) is refused, because the two read it differently.
 * Source: RFC 5280, section 4.1.2.7; RFC 5480; RFC 3279, section 2.3.1
 * @throws Error
 */
export function readPublicKey(info: Der | undefined): KeyObject {
  const [algorithm, key] = exactly(2, info, tags.sequence);
  const [oid, parameters] = exactly(2, algorithm, tags.sequence);
  const kind = contentOf(oid, tags.oid).toString('hex');
  if (kind === ecPublicKey) checkPoint(contentOf(parameters, tags.oid).toString('hex'), bytesOf(key));
  else if (kind === rsaEncryption && contentOf(parameters, tags.null).length === 0) checkRsa(readDer(bytesOf(key)));
  else throw new Error('a key of this kind is not accepted');
  return createPublicKey({ key: info?.bytes ?? Buffer.alloc(0), format: 'der', type: 'spki' });
}

function checkPoint(curve: string, point: Buffer): void {
  const size = curves[curve];
  if (size === undefined) throw new Error('a key on this curve is not accepted');
  if (point[0] !== 4 || point.length !== 1 + 2 * size) throw new Error('a point is compressed');
}

function checkRsa(key: Der): void {
  const [modulus, exponent] = partsOf(key, tags.sequence).map((part) => contentOf(part, tags.integer));
  if (exactly(2, key, tags.sequence) && exponent?.toString('hex') !== usualExponent)
    throw new Error('an RSA key is unusual');
  // Positive, and in its shortest form: the top byte is only present if the next bit is set. A product of primes is odd.
  const [top, next = 0] = modulus ?? [];
  const bits = 8 * ((modulus?.length ?? 0) - 1);
  if (top !== 0 || next < 0x80 || ((modulus?.at(-1) ?? 0) & 1) === 0) throw new Error('an RSA key is unusual');
  if (bits < rsaBits.least || bits > rsaBits.most) throw new Error(`an RSA key of ${bits} bits is not accepted`);
}
