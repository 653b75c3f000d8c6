/** Creates the error for data that is refused; `what` completes "the answer has …". */
export type Refuse = (what: string) => Error;

const firstCapacity = 4096;

/**
 * Bytes that arrive in pieces, up to a limit. One growing buffer: a peer that sends single bytes must not
 * cost an object per byte.
 */
export class Bytes {
  readonly #limit: number;
  readonly #refuse: Refuse;
  #buffer = Buffer.alloc(0);
  #length = 0;

  /** @param limit in bytes; the byte after it is refused. */
  constructor(limit: number, refuse: Refuse) {
    this.#limit = limit;
    this.#refuse = refuse;
  }

  /** @throws the error of `refuse` */
  add(piece: Uint8Array): void {
    const needed = this.#length + piece.length;
    if (needed > this.#limit) throw this.#refuse(`more than ${inUnits(this.#limit)}`);
    if (needed > this.#buffer.length) this.#grow(needed);
    this.#buffer.set(piece, this.#length);
    this.#length = needed;
  }

  get length(): number {
    return this.#length;
  }

  /** A view, valid until the next `add` or `clear`. */
  get view(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** The bytes as text; invalid UTF-8 becomes U+FFFD. */
  text(): string {
    return this.#buffer.toString('utf8', 0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Discards all but the first bytes. */
  keepFirst(count: number): void {
    this.#length = Math.min(this.#length, count);
  }

  /** Discards all but the last bytes. */
  keepLast(count: number): void {
    const dropped = Math.max(0, this.#length - count);
    this.#buffer.copyWithin(0, dropped, this.#length);
    this.#length -= dropped;
  }

  #grow(needed: number): void {
    const capacity = Math.min(this.#limit, Math.max(needed, 2 * this.#buffer.length, firstCapacity));
    const larger = Buffer.allocUnsafe(capacity);
    larger.set(this.view);
    this.#buffer = larger;
  }
}

/** Keeps the last bytes of a stream of any length. */
export class Tail {
  readonly #limit: number;
  readonly #bytes = new Bytes(Number.MAX_SAFE_INTEGER, Error);

  /** @param limit in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(piece: Uint8Array): void {
    this.#bytes.add(piece);
    // Only when twice the limit is reached: a copy per small piece would take quadratic time.
    if (this.#bytes.length > 2 * this.#limit) this.#bytes.keepLast(this.#limit);
  }

  text(): string {
    this.#bytes.keepLast(this.#limit);
    return this.#bytes.text();
  }
}

/** `64 MiB`, `1 KiB`, `300 bytes`. */
export function inUnits(bytes: number): string {
  const mebibyte = 1024 * 1024;
  if (bytes >= mebibyte && bytes % mebibyte === 0) return `${bytes / mebibyte} MiB`;
  return bytes >= 1024 && bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`;
}

/**
 * Reads a stream to its end. A stream that exceeds the limit is destroyed.
 * @throws the error of `refuse`, and errors of the stream
 */
export async function bytesOf(stream: AsyncIterable<Uint8Array>, limit: number, refuse: Refuse): Promise<Bytes> {
  const bytes = new Bytes(limit, refuse);
  for await (const piece of stream) bytes.add(piece);
  return bytes;
}
