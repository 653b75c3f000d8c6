/** A median of fewer values is not meaningful. */
const fewest = 3;
const medianOver = 7;

/** A figure in comparison with its earlier values, all in milliseconds or all counts. */
export interface Comparison {
  /** The change since the last value; undefined if there is none. */
  readonly change: number | undefined;
  /** The median of the values before this one, the last seven at most. */
  readonly median: number | undefined;
  /** Whether it is clearly worse than the median: by more than 30 % and by more than 1000 (a second). */
  readonly regressed: boolean;
}

/** @param before oldest first; null: not measured */
export function comparedWith(before: readonly (number | null)[], current: number | null): Comparison {
  const last = before.at(-1);
  const median = medianOf(before.filter((value) => value !== null).slice(-medianOver));
  const change = current === null || last === null || last === undefined ? undefined : current - last;
  const regressed = median !== undefined && current !== null && current > median * 1.3 && current - median > 1000;
  return { change, median, regressed };
}

function medianOf(values: readonly number[]): number | undefined {
  if (values.length < fewest) return undefined;
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return Math.round((low + high) / 2);
}
