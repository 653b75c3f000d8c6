// Writes PKCS#10 requests by hand, so that each part can be odd.
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** How a value is written: DER, with a length that is longer than it must be, or with an end mark instead of a length. */
export type Form = 'der' | 'long' | 'endless';

export interface Attribute {
  readonly oid: string;
  readonly tag: number;
  readonly value: Buffer;
}

/** The parts of a request. */
export interface Recipe {
  readonly key: KeyObject;
  readonly version: number;
  /** The subject: sets of attributes. */
  readonly name: readonly (readonly Attribute[])[];
  /** Encoded attributes of the request; undefined: not even the empty list. */
  readonly attributes: readonly Buffer[] | undefined;
  readonly forms: Readonly<Record<'outer' | 'info' | 'name' | 'set' | 'pair' | 'value' | 'algorithm', Form>>;
  /** Bytes after the last part of a structure. */
  readonly rest: Readonly<Record<'outer' | 'info' | 'name' | 'set' | 'pair' | 'file', Buffer>>;
  readonly signature: 'right' | 'of another key' | 'spoilt';
}

export const keys = {
  right: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  other: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  smallRsa: generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey,
  curve: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey,
  ed25519: generateKeyPairSync('ed25519').privateKey,
};
export const tags = {
  utf8: 0x0c,
  printable: 0x13,
  teletex: 0x14,
  ia5: 0x16,
  bmp: 0x1e,
  universal: 0x1c,
  visible: 0x1a,
  octets: 0x04,
};
export const oids = {
  cn: '550403',
  o: '55040a',
  ou: '55040b',
  serial: '550405',
  email: '2a864886f70d010901',
  uid: '2b06010401d2d35302',
};

export const none = Buffer.alloc(0);
export const hex = (text: string) => Buffer.from(text, 'hex');

export function tlv(tag: number, content: Buffer, form: Form = 'der'): Buffer {
  if (form === 'endless') return Buffer.concat([Buffer.from([tag, 0x80]), content, Buffer.alloc(2)]);
  const size = content.length;
  const shortest = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([
    Buffer.from([tag, ...(form === 'long' ? [0x83, 0, size >> 8, size & 0xff] : shortest)]),
    content,
  ]);
}

export const sequence = (parts: readonly Buffer[], form?: Form) => tlv(0x30, Buffer.concat(parts), form);
const algorithms = {
  ec: sequence([tlv(6, hex('2a8648ce3d040302'))]),
  rsa: sequence([tlv(6, hex('2a864886f70d01010b')), tlv(5, none)]),
  ed25519: sequence([tlv(6, hex('2b6570'))]),
};

/** The request as DER, or nearly. */
export function derOf({ key, version, name, attributes, forms, rest, signature }: Recipe): Buffer {
  const attribute = ({ oid, tag, value }: Attribute) =>
    sequence([tlv(6, hex(oid)), tlv(tag, value, forms.value), rest.pair], forms.pair);
  const sets = name.map((set) => tlv(0x31, Buffer.concat([...set.map(attribute), rest.set]), forms.set));
  const { publicKey, kind } = publicOf(key);
  const list = attributes ? [tlv(0xa0, Buffer.concat(attributes))] : [];
  const parts = [
    tlv(2, Buffer.from([version])),
    sequence([...sets, rest.name], forms.name),
    publicKey,
    ...list,
    rest.info,
  ];
  const info = sequence(parts, forms.info);
  const hash = kind === 'ed25519' ? null : 'sha256';
  const made = sign(hash, info, signature === 'of another key' && kind === 'ec' ? keys.other : key);
  if (signature === 'spoilt') made[made.length - 1] = (made.at(-1) ?? 0) ^ 1;
  const algorithm =
    forms.algorithm === 'der' ? algorithms[kind] : tlv(0x30, algorithms[kind].subarray(2), forms.algorithm);
  const whole = sequence([info, algorithm, tlv(3, Buffer.concat([Buffer.alloc(1), made])), rest.outer], forms.outer);
  return Buffer.concat([whole, rest.file]);
}

function publicOf(key: KeyObject) {
  const kind = key.asymmetricKeyType;
  if (kind !== 'ec' && kind !== 'rsa' && kind !== 'ed25519') throw new Error(`a key of ${kind}`);
  return { kind, publicKey: publicHalves.get(key) ?? none };
}

const publicHalves = new Map(
  Object.values(keys).map((key) => [key, createPublicKey(key).export({ type: 'spki', format: 'der' })]),
);
