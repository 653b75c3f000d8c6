import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Argv } from '../../lab/command.ts';

/** The targets and their rate; every request makes a new connection, unless connections are kept. */
export interface RequestsSpec {
  /** Name → URL. */
  readonly targets: Readonly<Record<string, string>>;
  /** Objects that are written to: an annotation of theirs gets another value with each request. */
  readonly writes?: Readonly<Record<string, string>>;
  /** Collections in which objects are made: `target-at`, by the target and the moment of its sample. */
  readonly creates?: Readonly<Record<string, string>>;
  readonly kept?: boolean;
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly ca?: string;
  /** A file with the CA, read for each request. */
  readonly caFile?: string;
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** One request and its result. */
export interface Sample {
  readonly target: string;
  readonly at: number;
  readonly ms: number;
  readonly status?: number;
  readonly error?: string;
}

/** The program that sends the requests, with its arguments. */
export const requestsDriver: readonly string[] = [
  process.execPath,
  '--disable-warning=ExperimentalWarning',
  join(import.meta.dirname, 'requests-driver.ts'),
];

/** Sends requests from now on, in a separate process, so that a busy test does not slow it. `argv` runs requestsDriver in some network. */
export async function startRequests([file, ...args]: Argv, spec: RequestsSpec): Promise<() => Promise<Sample[]>> {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(`${JSON.stringify(spec)}\n`);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  await once(child.stdout, 'data');
  // A test that fails before it stops this must not keep its process alive; with that one, this ends.
  child.unref();
  for (const stream of [child.stdin, child.stdout]) (stream as Socket).unref();
  return async () => {
    const closed = once(child, 'close');
    child.ref();
    child.stdin.end();
    await closed;
    return JSON.parse(output);
  };
}

export const isGood = ({ status }: Sample): boolean => status !== undefined && status >= 200 && status < 300;

/** From the first bad answer of a target to the next good one. */
export interface Window {
  readonly target: string;
  readonly from: number;
  readonly to: number;
}

/** The periods in which targets did not answer correctly. */
export function badWindows(samples: readonly Sample[]): readonly Window[] {
  const windows: Window[] = [];
  for (const target of new Set(samples.map((sample) => sample.target))) {
    const own = samples.filter((sample) => sample.target === target).toSorted((one, other) => one.at - other.at);
    let from: number | undefined;
    for (const sample of own) {
      if (!isGood(sample)) from ??= sample.at;
      else if (from !== undefined) {
        windows.push({ target, from, to: sample.at });
        from = undefined;
      }
    }
    if (from !== undefined) windows.push({ target, from, to: Number.POSITIVE_INFINITY });
  }
  return windows.toSorted((one, other) => one.from - other.from);
}

/**
 * Pairs of windows of different targets that have a moment in common. A target is well again at some moment before its next good answer,
 * `everyMs` after its last bad one: that long a window may be too long.
 */
export function overlapping(windows: readonly Window[], everyMs: number): readonly string[] {
  return windows.flatMap((one, index) =>
    windows
      .slice(index + 1)
      .filter((other) => other.target !== one.target && other.from < one.to - everyMs && one.from < other.to - everyMs)
      .map((other) => `${one.target} and ${other.target}`),
  );
}

/** The results of requests, as one line for a reader. */
export function figuresOf(samples: readonly Sample[]): string {
  const bad = samples.filter((sample) => !isGood(sample));
  const words = [...new Set(bad.map(({ status, error }) => error ?? String(status)))].join(', ');
  const slowest = Math.max(0, ...samples.map(({ ms }) => ms));
  return `${bad.length} of ${samples.length} failed${words ? ` (${words})` : ''}, the slowest took ${slowest} ms`;
}
