import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

/** A key that signs, as its publisher's keyring has it. */
export interface SigningKey {
  /** 40 hex digits, as `gpg --show-keys` prints it. */
  readonly fingerprint: string;
  /** When it was made, s since 1970: it is part of the fingerprint. */
  readonly created: number;
  /** Base64 of the point's 32 bytes, or of the modulus; RSA's exponent is 65537. */
  readonly material: { readonly ed25519: string } | { readonly rsa: string };
}

/** One signature of version 4. Source: RFC 4880, 5.2.3 */
interface Signature {
  readonly type: number;
  readonly algorithm: number;
  readonly hash: string;
  /** From the version to the end of the hashed part: it is signed too. */
  readonly signed: Buffer;
  /** The numbers of the signature: S, or R and S. */
  readonly numbers: readonly Buffer[];
}

/** The type of a signature over a text whose line ends do not count. */
const textType = 0x01;

// SHA-1 and older ones are missing: they can be forged.
const hashes: ReadonlyMap<number, string> = new Map([
  [8, 'sha256'],
  [9, 'sha384'],
  [10, 'sha512'],
]);
const [rsa, eddsa] = [1, 22];
/** Bytes of a signature; RSA with 4096 bits makes some 600. */
const longest = 4096;

const frame =
  /^-----BEGIN PGP SIGNED MESSAGE-----\n(?:Hash: [\w, -]+\n)*\n(?<text>.*?)\n(?<armor>-----BEGIN PGP SIGNATURE-----\n.*?^-----END PGP SIGNATURE-----)/ms;

/**
 * The text of a file made by `gpg --clear-sign`, if one of these keys signed it; undefined in every other case. What is before or behind
 * the signed text is never part of the result. The age of a key is not compared: publishers extend it in their keyrings. Pure.
 * Source: RFC 4880, 7
 */
export function signedText(file: string, keys: readonly SigningKey[]): string | undefined {
  const { text, armor = '' } = frame.exec(file.replaceAll('\r\n', '\n'))?.groups ?? {};
  if (text === undefined) return undefined;
  const lines = text.split('\n').map((line) => line.replace(/^- /, '').replace(/[ \t]+$/, ''));
  const isSigned = isSignedBy(Buffer.from(lines.join('\r\n')), armor, keys);
  return isSigned ? lines.join('\n') : undefined;
}

function isSignedBy(data: Buffer, armor: string, keys: readonly SigningKey[]): boolean {
  const signature = readSignature(armor);
  return signature?.type === textType && keys.some((key) => verifies(data, signature, key));
}

function verifies(data: Buffer, { algorithm, hash, signed, numbers }: Signature, key: SigningKey): boolean {
  const trailer = Buffer.from([4, 0xff, 0, 0, 0, 0]);
  trailer.writeUInt32BE(signed.length, 2);
  const hashed = Buffer.concat([data, signed, trailer]);
  const [one = Buffer.alloc(0), two = Buffer.alloc(0)] = numbers;
  if ('rsa' in key.material) {
    const length = Buffer.from(key.material.rsa, 'base64').length;
    return algorithm === rsa && numbers.length === 1 && verify(hash, hashed, keyOf(key), padded(one, length));
  }
  // EdDSA signs the digest here, not the data (draft-ietf-openpgp-rfc4880bis, 13.3).
  const digest = createHash(hash).update(hashed).digest();
  const isPair = algorithm === eddsa && numbers.length === 2;
  return isPair && verify(null, digest, keyOf(key), Buffer.concat([padded(one, 32), padded(two, 32)]));
}

function keyOf({ material }: SigningKey): KeyObject {
  const url = (base64: string) => Buffer.from(base64, 'base64').toString('base64url');
  const key =
    'rsa' in material
      ? { kty: 'RSA', n: url(material.rsa), e: 'AQAB' }
      : { kty: 'OKP', crv: 'Ed25519', x: url(material.ed25519) };
  return createPublicKey({ key, format: 'jwk' });
}

/** With the zeros in front that a number of OpenPGP lacks. */
function padded(number: Buffer, length: number): Buffer {
  return Buffer.concat([Buffer.alloc(Math.max(0, length - number.length)), number]);
}

/** The only packet of the armor; undefined for every other content. A length that leads out of it leads to nothing, which no key verifies. */
function readSignature(armor: string): Signature | undefined {
  const [, body = ''] = /\n\n(.*?)\n(?:=\S{4}\n)?-----END/s.exec(armor) ?? [];
  const packet = bodyOf(Buffer.from(body, 'base64'));
  if (packet?.[0] !== 4) return undefined;
  const [, type = 0, algorithm = 0, digest = 0] = packet;
  const end = 6 + pairAt(packet, 4);
  // What is not hashed is not signed, and is not read. Two bytes of the digest follow.
  const numbers = numbersIn(packet.subarray(end + 2 + pairAt(packet, end) + 2));
  const hash = hashes.get(digest);
  if (hash === undefined || numbers === undefined) return undefined;
  return { type, algorithm, hash, signed: packet.subarray(0, end), numbers };
}

/** The body of a signature packet with nothing behind it. Source: RFC 4880, 4.2 */
function bodyOf(bytes: Buffer): Buffer | undefined {
  const [tag, first = 0] = bytes;
  if (tag === 0x88) return exactly(bytes.subarray(2), first);
  if (tag === 0x89) return exactly(bytes.subarray(3), pairAt(bytes, 1));
  if (tag !== 0xc2) return undefined;
  if (first < 192) return exactly(bytes.subarray(2), first);
  return first < 224 ? exactly(bytes.subarray(3), pairAt(bytes, 1) - 0xc000 + 192) : undefined;
}

function exactly(bytes: Buffer, length: number): Buffer | undefined {
  return bytes.length === length && length <= longest ? bytes : undefined;
}

/** Numbers with their lengths in bits before them, to the end; undefined if the last one is cut off. */
function numbersIn(bytes: Buffer): readonly Buffer[] | undefined {
  if (bytes.length === 0) return [];
  const length = Math.ceil(pairAt(bytes, 0) / 8);
  if (bytes.length < 2 + length) return undefined;
  const rest = numbersIn(bytes.subarray(2 + length));
  return rest && [bytes.subarray(2, 2 + length), ...rest];
}

function pairAt(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
