/** What the write-ahead log in a member's data directory says of its origin. */
export interface WalOrigin {
  /** The ids of cluster and member, in hexadecimal. */
  readonly cluster: string;
  readonly member: string;
  /** It has entries of an elected leader. Without any, the member knows only with whom it begins. */
  readonly history: boolean;
}

/** Records in a log. Source: server/storage/wal/wal.go of etcd 3.4 to 3.7 */
const [metadata, entry, snapshot] = [1, 2, 5];
/** The type of a raft entry that adds or removes a member; those of a first start are all of this type, and of term 1. */
const confChange = 1;
/** The name of a log's first file. */
const firstFile = '0000000000000000-0000000000000000.wal';

/**
 * Reads the beginning of a file of etcd's write-ahead log: which cluster and member the data is of, without etcd running.
 * @param name of the file, without its folder.
 * @returns nothing for a text that is not such a file.
 */
export function readWal(name: string, bytes: Uint8Array): WalOrigin | undefined {
  let origin: { cluster: string; member: string } | undefined;
  let history = name !== firstFile;
  for (const record of recordsOf(bytes)) {
    const type = Number(record.get(1) ?? 0);
    const fields = fieldsOf(record.get(3));
    if (type === metadata) origin ??= { member: hexOf(fields.get(1)), cluster: hexOf(fields.get(2)) };
    if (type === snapshot && Number(fields.get(1) ?? 0) > 0) history = true;
    if (type === entry && (Number(fields.get(2) ?? 0) > 1 || Number(fields.get(1) ?? 0) !== confChange)) history = true;
  }
  return origin && { ...origin, history };
}

type Fields = ReadonlyMap<number, bigint | Uint8Array>;

/** The records up to the end of the file, or of what was read of it. Source: server/storage/wal/encoder.go, encodeFrameSize */
function* recordsOf(bytes: Uint8Array): Generator<Fields> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const frame = view.getBigUint64(at, true);
    // The rest of the file is allocated and empty.
    if (frame === 0n) return;
    const length = Number(frame & 0xff_ffff_ffff_ffffn);
    const padding = frame >> 63n === 1n ? Number((frame >> 56n) & 0x7n) : 0;
    const end = at + 8 + length;
    if (end > bytes.length) return;
    yield fieldsOf(bytes.subarray(at + 8, end));
    at = end + padding;
  }
}

/** The fields of a protobuf message (protobuf.dev, encoding); reads up to what is no such message. */
function fieldsOf(bytes: bigint | Uint8Array | undefined): Fields {
  const fields = new Map<number, bigint | Uint8Array>();
  if (!(bytes instanceof Uint8Array)) return fields;
  for (let at = 0; at < bytes.length; ) {
    const tag = varint(bytes, at);
    const value = tag && varint(bytes, tag.end);
    if (!value) return fields;
    const [number, wire] = [Number(tag.value >> 3n), Number(tag.value & 7n)];
    at = value.end;
    if (wire === 2) {
      const end = at + Number(value.value);
      if (end > bytes.length) return fields;
      fields.set(number, bytes.subarray(at, end));
      at = end;
    } else if (wire === 0) fields.set(number, value.value);
    else return fields;
  }
  return fields;
}

/** A number of at most 64 bits, seven of them a byte; nothing where there is none. */
function varint(bytes: Uint8Array, start: number): { readonly value: bigint; readonly end: number } | undefined {
  let value = 0n;
  for (let at = start; at < Math.min(bytes.length, start + 10); at += 1) {
    const byte = bytes[at] ?? 0;
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start));
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), end: at + 1 };
  }
  return undefined;
}

function hexOf(value: bigint | Uint8Array | undefined): string {
  return typeof value === 'bigint' ? value.toString(16) : '0';
}
