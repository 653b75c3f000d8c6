import type { Holding } from './report/holdings.ts';
import type { ProbeFigures } from './samples.ts';
import type { Moment } from './timeline.ts';
import type { Transfer } from './transfers.ts';

/** All that a check found. Times are ms since the fault began, but for those that say how long something took. */
export interface FailoverResult {
  readonly cluster: string;
  readonly target: string;
  readonly fault: string;
  /** ISO 8601, by the runner's clock. */
  readonly began: string;
  readonly transfers: readonly Transfer[];
  /** Until the last of the expected transfers was over; nothing when one never was, or none was expected. */
  readonly transferMs: number | undefined;
  /** Who held each lease when. */
  readonly holdings?: readonly Holding[];
  readonly probes: readonly ProbeFigures[];
  /** When the pod of a Deployment that was made during the fault had a node; nothing when it never had, or no node stays. */
  readonly placedMs?: number | undefined;
  /** When the undoing of the fault began. */
  readonly restoreMs: number;
  /** How long it took from then until the host was in step again; nothing when it was not. */
  readonly rejoinMs: number | undefined;
  readonly timeline: readonly Moment[];
  /** What went wrong besides the figures: the restore failed, parts did not come back. */
  readonly troubles: readonly string[];
}

/** Sums over the nodes' clients that make a connection for each request: what most users would notice. */
export function newConnections({ probes }: Pick<FailoverResult, 'probes'>) {
  const own = probes.filter(({ kind }) => kind === 'new');
  return totals(own);
}

/** The same over those that keep one connection. */
export function keptConnections({ probes }: Pick<FailoverResult, 'probes'>) {
  return totals(probes.filter(({ kind }) => kind === 'kept'));
}

/** The same over the clients that write. */
export function writes({ probes }: Pick<FailoverResult, 'probes'>) {
  return totals(probes.filter(({ kind }) => kind === 'write'));
}

/** The same over the watches, whose requests are what they told. */
export function watches({ probes }: Pick<FailoverResult, 'probes'>) {
  return totals(probes.filter(({ kind }) => kind === 'watch'));
}

function totals(probes: readonly ProbeFigures[]) {
  const highest = (pick: (probe: ProbeFigures) => number) => Math.max(0, ...probes.map(pick));
  return {
    requests: probes.reduce((sum, { requests }) => sum + requests, 0),
    failed: probes.reduce((sum, { failed }) => sum + failed, 0),
    slowestMs: highest(({ slowestMs }) => slowestMs),
    longestGapMs: highest(({ longestGapMs }) => longestGapMs),
  };
}
