import type { Holding } from './instruments/holdings.ts';
import type { NodeFigures } from './instruments/node-watch.ts';
import type { ProbeFigures } from './instruments/samples.ts';
import type { Moment } from './instruments/timeline.ts';
import type { Transfer } from './instruments/transfers.ts';

/** All that a check found. Times are ms since the fault began, but for those that say how long something took. */
export interface FailoverResult {
  readonly cluster: string;
  readonly target: string;
  readonly fault: string;
  /** How many masters the load balancers share connections among, the target included. */
  readonly masters: number;
  /** ISO 8601, by the runner's clock. */
  readonly began: string;
  /** When what does the fault was over: the power command had ended, the rules of the firewall stood. */
  readonly hitMs: number;
  readonly transfers: readonly Transfer[];
  /** Until the last of the expected transfers was over; nothing when one never was, or none was expected. */
  readonly transferMs: number | undefined;
  /** Who held each lease when. */
  readonly holdings?: readonly Holding[];
  readonly probes: readonly ProbeFigures[];
  /** What became of the nodes that stay. */
  readonly nodes?: NodeFigures | undefined;
  /** Whether a node stays that could take new work. */
  readonly placeable?: boolean;
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

type Probed = Pick<FailoverResult, 'probes'>;

/** Sums over the nodes' clients that make a connection for each request: what most users would notice. */
export const newConnections = (result: Probed) => totals(result, 'new');

/** The same over those that keep one connection. */
export const keptConnections = (result: Probed) => totals(result, 'kept');

/** The same over the clients that write. */
export const writes = (result: Probed) => totals(result, 'write');

/** The same over the watches, whose requests are their events. */
export const watches = (result: Probed) => totals(result, 'watch');

/** The same over the API servers of the masters that stay, asked past all balancers. */
export const direct = (result: Probed) => totals(result, 'direct');

/** The same over those who ask a Service by its name. */
export const services = (result: Probed) => totals(result, 'service');

/** Sums over all clients of one kind. */
export function totals({ probes: all }: Probed, kind: ProbeFigures['kind']) {
  const probes = all.filter((probe) => probe.kind === kind);
  const highest = (pick: (probe: ProbeFigures) => number) => Math.max(0, ...probes.map(pick));
  return {
    requests: probes.reduce((sum, { requests }) => sum + requests, 0),
    failed: probes.reduce((sum, { failed }) => sum + failed, 0),
    slowestMs: highest(({ slowestMs }) => slowestMs),
    longestGapMs: highest(({ longestGapMs }) => longestGapMs),
  };
}
