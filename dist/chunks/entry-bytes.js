import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);

// src/layout/roles.ts
var roles = ["etcd", "master", "node"];

// src/entry/bytes.ts
var firstCapacity = 4096;
var Bytes = class {
  #limit;
  #refuse;
  #buffer = Buffer.alloc(0);
  #length = 0;
  /** @param limit in bytes; the byte after it is refused. */
  constructor(limit, refuse) {
    this.#limit = limit;
    this.#refuse = refuse;
  }
  /** @throws the error of `refuse` */
  add(piece) {
    const needed = this.#length + piece.length;
    if (needed > this.#limit) throw this.#refuse(`more than ${inUnits(this.#limit)}`);
    if (needed > this.#buffer.length) this.#grow(needed);
    this.#buffer.set(piece, this.#length);
    this.#length = needed;
  }
  get length() {
    return this.#length;
  }
  /** A view, valid until the next `add` or `clear`. */
  get view() {
    return this.#buffer.subarray(0, this.#length);
  }
  /** The bytes as text; invalid UTF-8 becomes U+FFFD. */
  text() {
    return this.#buffer.toString("utf8", 0, this.#length);
  }
  clear() {
    this.#length = 0;
  }
  /** Discards all but the first bytes. */
  keepFirst(count) {
    this.#length = Math.min(this.#length, count);
  }
  /** Discards all but the last bytes. */
  keepLast(count) {
    const dropped = Math.max(0, this.#length - count);
    this.#buffer.copyWithin(0, dropped, this.#length);
    this.#length -= dropped;
  }
  #grow(needed) {
    const capacity = Math.min(this.#limit, Math.max(needed, 2 * this.#buffer.length, firstCapacity));
    const larger = Buffer.allocUnsafe(capacity);
    larger.set(this.view);
    this.#buffer = larger;
  }
};
var Tail = class {
  #limit;
  #bytes = new Bytes(Number.MAX_SAFE_INTEGER, Error);
  /** @param limit in bytes. */
  constructor(limit) {
    this.#limit = limit;
  }
  add(piece) {
    this.#bytes.add(piece);
    if (this.#bytes.length > 2 * this.#limit) this.#bytes.keepLast(this.#limit);
  }
  text() {
    this.#bytes.keepLast(this.#limit);
    return this.#bytes.text();
  }
};
function inUnits(bytes) {
  const mebibyte = 1024 * 1024;
  if (bytes >= mebibyte && bytes % mebibyte === 0) return `${bytes / mebibyte} MiB`;
  return bytes >= 1024 && bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`;
}
async function bytesOf(stream, limit, refuse) {
  const bytes = new Bytes(limit, refuse);
  for await (const piece of stream) bytes.add(piece);
  return bytes;
}

export {
  roles,
  Bytes,
  Tail,
  inUnits,
  bytesOf
};
