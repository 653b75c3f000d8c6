import type { Unit } from './state.ts';
import type { Step } from './step.ts';

/** How much a host may say, and how long it may take, also when it goes on talking. */
export interface Limits {
  /** Of one line of an answer, in bytes. */
  readonly lineBytes: number;
  /** Of everything that arrives during one request, stderr included. */
  readonly requestBytes: number;
  /** Of one request, signs of life included: five a second for hours. */
  readonly events: number;
  /** Events of one request that go into the log. */
  readonly shown: number;
  /** Lines of one request that are none of its events: a login banner, a command that prints. */
  readonly strays: number;
  /** Of a command's stdout, in bytes. */
  readonly outputBytes: number;
  /** Of a command's stderr, in bytes: its last ones are kept. */
  readonly errorBytes: number;
  /** Until the remote program says its first word, ms. */
  readonly startMs: number;
  /** Between two lines of an answer, ms. */
  readonly silenceMs: number;
  /** For a request that only looks, ms. */
  readonly lookMs: number;
  /** Replaces the time that a session's opening and its changes are computed to take at most, ms. For tests. */
  readonly workMs?: number;
}

const mebibyte = 1024 * 1024;

/**
 * What a host with all roles answered to an inspection, measured in the lab: 170 kB in 1,607 events; with 1,000 listening sockets
 * and 1,000 lines more in /etc/hosts 300 kB in 3,607 events.
 */
export const usualLimits: Limits = {
  lineBytes: mebibyte,
  requestBytes: 16 * mebibyte,
  events: 100_000,
  shown: 1000,
  strays: 1000,
  outputBytes: 16 * mebibyte,
  errorBytes: mebibyte,
  startMs: 120_000,
  silenceMs: 180_000,
  // Big binaries without a record are hashed, which on a slow disk takes most of it.
  lookMs: 180_000,
};

/** What a dead run's restart may still take, which a session waits for besides the lock (session.sh, take_lock). */
const patienceSeconds = 300;

/** The longest that a session may take to open, ms: the start, the lock, which a claim may give back and ask for again, and the claim. */
export function openMs(limits: Limits, lockSeconds: number, claimSeconds: number): number {
  return limits.workMs ?? limits.startMs + 1000 * (2 * (lockSeconds + patienceSeconds) + claimSeconds);
}

/** The longest that questions of an inspection may take, ms; each has a limit of its own (inspect.sh, inspect_ask). */
export function inspectMs(limits: Limits, questions: number): number {
  return limits.lookMs + 31_000 * questions;
}

/** Seconds that a step may take at most; what is not here is done at once. */
const stepSeconds: Readonly<Partial<Record<Step['do'], number>>> = {
  /** A package manager updates its lists, waits for its lock twice and installs. */
  package: 900,
  /** Ten attempts of 60 s to import it, and its download. */
  image: 800,
  swap: 300,
  module: 30,
};
/** A binary of 120 MB at 200 kB/s. Three are downloaded at once. */
const downloadSeconds = 600;
/** A turn of 300 s, 600 s for the lock and what each look at it costs, what may be asked before, and the restart itself. */
const rollSeconds = 1800;
/** systemctl's own time for a stop and a start. */
const restartSeconds = 180;

/** The longest that a change may take, ms: the sum of the limits that its parts have on the host. */
export function changeMs(limits: Limits, steps: readonly Step[], units: readonly Unit[]): number {
  if (limits.workMs !== undefined) return limits.workMs;
  const downloads = steps.filter((step) => step.do === 'download').length;
  const packages = steps.some((step) => step.do === 'package') ? stepSeconds.package : 0;
  const others = steps.filter((step) => step.do !== 'package').map((step) => stepSeconds[step.do] ?? 0);
  const waits = units.map(({ ready, rolling }) => {
    const settles = restartSeconds + (ready?.timeoutSeconds ?? 90);
    return rolling === undefined ? settles : settles + rollSeconds + rolling.healthy.timeoutSeconds;
  });
  const seconds = [packages ?? 0, downloadSeconds * Math.ceil(downloads / 3), ...others, ...waits];
  return limits.lookMs + 1000 * seconds.reduce((sum, one) => sum + one, 0);
}
