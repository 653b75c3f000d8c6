import { type KeyObject, verify } from 'node:crypto';
import { Problem } from '../errors.ts';
import { bytesOf, contentOf, type Der, exactly, partsOf, readDer, tags } from './der.ts';
import { readPem } from './pem.ts';
import { readPublicKey } from './public-key.ts';

/** One attribute of a name. */
export interface NamePart {
  /** `CN` or `O`; the content of any other attribute's OID in hex. */
  readonly attribute: string;
  readonly value: string;
}

/** The content of a PKCS#10 request. */
export interface CertificateRequest {
  readonly subject: readonly NamePart[];
  /** Whether it has attributes: they request SANs and other extensions, and a kubelet's request has none. */
  readonly asksForMore: boolean;
  readonly publicKey: KeyObject;
}

/** A kubelet's request has about 500 bytes; a much longer one is refused. */
const longestText = 16_384;

/**
 * Reads a request as strictly as possible, so that the API server and the signer, which read it with Go, see the same content or
 * none: one PEM block in its canonical form, canonical DER, only the kinds of keys and texts that kubelets use.
 * Also checks its signature. Source: RFC 2986, section 4
 * @throws Problem CSR_UNREADABLE
 */
export function readCertificateRequest(pem: string): CertificateRequest {
  try {
    if (pem.length > longestText) throw new Error('the request is too long');
    const [info, algorithm, signature] = exactly(3, readDer(readPem(pem, 'CERTIFICATE REQUEST')), tags.sequence);
    const [version, name, key, attributes] = exactly(4, info, tags.sequence);
    if (contentOf(version, tags.integer).toString('hex') !== '00') throw new Error('the version is not 0');
    const publicKey = readPublicKey(key);
    const hash = hashOf(algorithm, publicKey);
    if (!verify(hash, info?.bytes ?? Buffer.alloc(0), publicKey, bytesOf(signature)))
      throw new Error('the signature is not of its key');
    const subject = readName(name);
    if (subject.length !== partsOf(name, tags.sequence).length)
      throw new Error('a part of the name has several attributes');
    return { subject, asksForMore: contentOf(attributes, contextZero).length > 0, publicKey };
  } catch (error) {
    throw new Problem('the certificate request can’t be read', { code: 'CSR_UNREADABLE', cause: error });
  }
}

/** `[0]`, constructed: the request's attributes. They must be present, even if there are none. */
const contextZero = 0xa0;

const attributeNames: Readonly<Record<string, string>> = { '550403': 'CN', '55040a': 'O' };

/** The parts of a distinguished name in their order. @throws Error for any type of text but PrintableString and UTF8String */
export function readName(name: Der | undefined): readonly NamePart[] {
  const pairs = partsOf(name, tags.sequence).flatMap((part) => partsOf(part, tags.set));
  return pairs.map((pair) => {
    const [type, value] = exactly(2, pair, tags.sequence);
    const oid = contentOf(type, tags.oid).toString('hex');
    if (value?.tag !== tags.printableString && value?.tag !== tags.utf8String)
      throw new Error('a name’s value is not text');
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value.content);
    return { attribute: attributeNames[oid] ?? oid, value: text };
  });
}

/** Signature algorithms by their OID's content in hex. Source: RFC 5758, section 3.2; RFC 4055, section 5 */
const hashes: Readonly<Record<'ec' | 'rsa', Readonly<Record<string, string>>>> = {
  ec: { '2a8648ce3d040302': 'sha256', '2a8648ce3d040303': 'sha384', '2a8648ce3d040304': 'sha512' },
  rsa: { '2a864886f70d01010b': 'sha256', '2a864886f70d01010c': 'sha384', '2a864886f70d01010d': 'sha512' },
};

/** The hash of a signature algorithm that fits the key. @throws Error for any other */
function hashOf(algorithm: Der | undefined, { asymmetricKeyType: kind }: KeyObject): string {
  if (kind !== 'ec' && kind !== 'rsa') throw new Error('a key of this kind is not accepted');
  const [oid, ...parameters] = partsOf(algorithm, tags.sequence);
  const hash = hashes[kind][contentOf(oid, tags.oid).toString('hex')];
  // NULL for RSA, and nothing for ECDSA.
  const fits = kind === 'ec' ? parameters.length === 0 : isNull(parameters);
  if (hash === undefined || !fits) throw new Error('the signature has an algorithm that is not accepted');
  return hash;
}

function isNull([parameter, ...more]: readonly Der[]): boolean {
  return more.length === 0 && contentOf(parameter, tags.null).length === 0;
}
