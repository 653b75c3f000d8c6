// Commands timed in turn, A B A B …: what the machine does meanwhile meets both, so that their ratio holds on a noisy one.
import { spawnSync } from 'node:child_process';

export interface Command {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What its output must hold, so that nothing is timed that did not do its work. */
  readonly says?: RegExp;
}

/** Milliseconds of a whole process, from its start to its end. */
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
  /** Median of the pairs' own differences, a - b. */
  readonly difference: number;
}

/** Medians of `rounds` pairs, after one of each that is not counted. */
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
