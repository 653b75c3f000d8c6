import { Bytes, inUnits, type Refuse } from './bytes.ts';

const lineEnd = 10;

/** Splits bytes that arrive in pieces into lines of limited length. */
export class LineReader {
  readonly #line: Bytes;

  /** @param limit the maximum length of a line in bytes, without its line end. */
  constructor(limit: number, refuse: Refuse) {
    this.#line = new Bytes(limit, () => refuse(`a line of more than ${inUnits(limit)}`));
  }

  /**
   * Returns the lines that end in this piece. Invalid UTF-8 becomes U+FFFD.
   * @throws the error of `refuse` as soon as a line is too long, even before its end arrives
   */
  take(piece: Uint8Array): readonly string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = piece.indexOf(lineEnd); end >= 0; end = piece.indexOf(lineEnd, start)) {
      this.#line.add(piece.subarray(start, end));
      lines.push(this.#line.text());
      this.#line.clear();
      start = end + 1;
    }
    this.#line.add(piece.subarray(start));
    return lines;
  }
}
