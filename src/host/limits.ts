/** Limits on the size and the duration of a host's answers. */
export interface Limits {
  /** One line of an answer, in bytes. */
  readonly lineBytes: number;
  /** All data during one request, including stderr, in bytes. */
  readonly requestBytes: number;
  /** Events of one request, including keep-alives: five a second for hours. */
  readonly events: number;
  /** Events of one request that go into the log. */
  readonly shown: number;
  /** Lines during one request that are not events: a login banner, output of a command. */
  readonly strays: number;
  /** A command's stdout, in bytes. */
  readonly outputBytes: number;
  /** A command's stderr, in bytes; the last part is kept. */
  readonly errorBytes: number;
  /** Until the first event of the remote program, ms. */
  readonly startMs: number;
  /** Between two lines of an answer, ms. */
  readonly silenceMs: number;
  /** For a request that only reads, ms. */
  readonly snapshotMs: number;
  /** Replaces the computed limit for opening a session and for its changes, ms. For tests. */
  readonly workMs?: number;
}

const mebibyte = 1024 * 1024;

/**
 * Measured in the lab: a host with all roles answers an inspection with 170 kB in 1,607 events; with 1,000 listening sockets
 * and 1,000 more lines in /etc/hosts, with 300 kB in 3,607 events.
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
  // Most of it is for hashing big binaries without a record on a slow disk.
  snapshotMs: 180_000,
};

/** The maximum rest of a dead run's restart. A session waits for it in addition to the lock (session.sh, take_lock). */
const patienceSeconds = 300;

/** The maximum time to open a session, ms: the start, the claim, and the lock, which may be released and taken again for the claim. */
export function openMs(limits: Limits, lockSeconds: number, claimSeconds: number): number {
  return limits.workMs ?? limits.startMs + 1000 * (2 * (lockSeconds + patienceSeconds) + claimSeconds);
}

/** The maximum time of an inspection's commands, ms; each has its own limit (inspect.sh, inspect_ask). */
export function inspectMs(limits: Limits, questions: number): number {
  return limits.snapshotMs + 31_000 * questions;
}
