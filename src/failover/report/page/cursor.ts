import type { Lane, Mark } from '../chart.ts';

/** The mark that the keyboard has selected; none until a key is pressed. */
export class Cursor {
  /** Its index among the lanes; -1: none. */
  lane = -1;
  #mark = 0;
  readonly #lanes: readonly Lane[];

  constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes;
  }

  get mark(): Mark | undefined {
    return this.#lanes[this.lane]?.marks[this.#mark];
  }

  next(): void {
    this.#go(this.lane, this.#mark + (this.lane < 0 ? 0 : 1));
  }

  previous(): void {
    this.#go(this.lane, this.#mark - 1);
  }

  first(): void {
    this.#go(this.lane, 0);
  }

  last(): void {
    this.#go(this.lane, Number.MAX_SAFE_INTEGER);
  }

  /** Selects the mark of another lane that is nearest in time. */
  toLane(index: number): void {
    const at = this.mark?.from ?? 0;
    const marks = this.#lanes[this.#within(index)]?.marks ?? [];
    let nearest = 0;
    for (const [place, { from }] of marks.entries())
      if (Math.abs(from - at) < Math.abs((marks[nearest]?.from ?? 0) - at)) nearest = place;
    this.#go(index, nearest);
  }

  #within(index: number): number {
    return Math.min(Math.max(0, index), this.#lanes.length - 1);
  }

  #go(lane: number, mark: number): void {
    this.lane = this.#within(lane);
    const count = this.#lanes[this.lane]?.marks.length ?? 0;
    this.#mark = Math.min(Math.max(0, mark), count - 1);
  }
}
