/** One value of DER: its tag byte (with class and form), its content, and all its bytes. */
export interface Der {
  readonly tag: number;
  readonly content: Buffer;
  readonly bytes: Buffer;
}

/** The tag bytes of the supported types. Source: X.680, section 8.6, and X.690, section 8.1.2 */
export const tags = {
  integer: 0x02,
  bitString: 0x03,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  sequence: 0x30,
  set: 0x31,
} as const;

/** 1 GiB: more than any supported value. */
const longestLength = 4;

/**
 * Reads the one value that fills `bytes`. What only BER allows is refused, because two decoders may read it differently:
 * an indefinite length, a length that is not in its shortest form, a tag of several bytes, bytes after the value.
 * Source: X.690, sections 8.1.3 and 10.1
 * @throws Error
 */
export function readDer(bytes: Buffer): Der {
  const value = firstOf(bytes);
  if (value.bytes.length !== bytes.length) throw new Error('there are bytes behind the value');
  return value;
}

/** The values inside a value with this tag, which they fill. @throws Error for another tag, or if it is not DER */
export function partsOf(value: Der | undefined, tag: number): readonly Der[] {
  const parts: Der[] = [];
  let rest = contentOf(value, tag);
  while (rest.length > 0) {
    const part = firstOf(rest);
    parts.push(part);
    rest = rest.subarray(part.bytes.length);
  }
  return parts;
}

/** Like `partsOf`, for a known number of parts. @throws Error also for another number */
export function exactly(count: number, value: Der | undefined, tag: number): readonly Der[] {
  const parts = partsOf(value, tag);
  if (parts.length !== count) throw new Error(`a structure has ${parts.length} parts instead of ${count}`);
  return parts;
}

/** The content of a value of this tag. @throws Error for another tag */
export function contentOf(value: Der | undefined, tag: number): Buffer {
  if (value?.tag !== tag) throw new Error(`a value has the tag ${value?.tag} instead of ${tag}`);
  return value.content;
}

/** The bytes of a BIT STRING of whole bytes. @throws Error for another tag, or if the number of bits is not a multiple of 8 */
export function bytesOf(value: Der | undefined): Buffer {
  const content = contentOf(value, tags.bitString);
  if (content[0] !== 0) throw new Error('a bit string does not end with a byte');
  return content.subarray(1);
}

function firstOf(bytes: Buffer): Der {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) throw new Error('a value is cut off');
  if ((tag & 0x1f) === 0x1f) throw new Error('a tag has several bytes');
  const size = first < 0x80 ? 0 : first & 0x7f;
  if (size > longestLength || first === 0x80) throw new Error('a length is indefinite or too long');
  if (bytes.length < 2 + size) throw new Error('a length is cut off');
  const length = size === 0 ? first : bytes.readUIntBE(2, size);
  const shortest = length < 0x80 ? 0 : Math.ceil(length.toString(16).length / 2);
  if (size !== shortest) throw new Error('a length is not in its shortest form');
  const end = 2 + size + length;
  if (bytes.length < end) throw new Error('a value is cut off');
  return { tag, content: bytes.subarray(2 + size, end), bytes: bytes.subarray(0, end) };
}
