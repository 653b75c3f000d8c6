// Commands timed in turn, A B A B …: load on the machine affects both alike, so their ratio is stable on a busy machine.
import { spawnSync } from 'node:child_process';

export interface Command {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** A pattern that its output must match, so that a command that did not do its work is not timed. */
  readonly says?: RegExp;
}

/** Milliseconds of a complete process, from start to end. */
export function timed({ argv, env, cwd, says = /^/ }: Command): number {
  const [file = '', ...args] = argv;
  const begin = performance.now();
  const { stdout, error } = spawnSync(file, args, { cwd, env, encoding: 'utf8', timeout: 60_000 });
  const milliseconds = performance.now() - begin;
  if (error) throw error;
  if (!says.test(stdout)) throw new Error(`${argv.join(' ')} did not say ${says}, but:\n${stdout}`);
  return milliseconds;
}

export interface Compared {
  readonly a: number;
  readonly b: number;
  /** Median of the pairs' differences, a - b. */
  readonly difference: number;
}

/** Medians of `rounds` pairs, after one warm-up pair that is not counted. */
export function comparePairs(rounds: number, a: () => number, b: () => number): Compared {
  a();
  b();
  const pairs = Array.from({ length: rounds }, () => ({ a: a(), b: b() }));
  return {
    a: median(pairs.map((pair) => pair.a)),
    b: median(pairs.map((pair) => pair.b)),
    difference: median(pairs.map((pair) => pair.a - pair.b)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1 + (sorted.length % 2)], sorted[middle]];
  return (low + high) / 2;
}
