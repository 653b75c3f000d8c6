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
