import type { Holding } from './instruments/holdings.ts';
import type { NodeFigures } from './instruments/node-watch.ts';
import type { ProbeFigures } from './instruments/samples.ts';
import type { Moment } from './instruments/timeline.ts';
import type { Transfer } from './instruments/transfers.ts';

/** What an upgrade did on one host, in ms since the upgrade began. */
export interface UpgradeStep {
  readonly host: string;
  /** The units that it restarted, or {@link drained}. */
  readonly what: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** All results of a check. Times are ms since the fault began, except for durations. */
export interface FailoverResult {
  readonly cluster: string;
  readonly target: string;
  readonly fault: string;
  /** How many masters the load balancers share connections among, the target included. */
  readonly masters: number;
  /** ISO 8601, by the runner's clock. */
  readonly began: string;
  /** When the injection was complete: the power command had ended, or the firewall rules were in place. */
  readonly hitMs: number;
  readonly transfers: readonly Transfer[];
  /** Until the last expected transfer was complete; undefined if one never was, or if none was expected. */
  readonly transferMs: number | undefined;
  /** The holders of each lease over time. */
  readonly holdings?: readonly Holding[];
  readonly probes: readonly ProbeFigures[];
  /** What happened to the nodes besides the target. */
  readonly nodes?: NodeFigures | undefined;
  /** Whether a node besides the target could take new work. */
  readonly placeable?: boolean;
  /** When the pod of a Deployment that was created during the fault had a node; undefined if it never had one, or if no node remained. */
  readonly placedMs?: number | undefined;
  /** When the restore began. */
  readonly restoreMs: number;
  /** The time from then until the host was in sync again; undefined if it never was. */
  readonly rejoinMs: number | undefined;
  readonly timeline: readonly Moment[];
  /** Problems besides the figures: the restore failed, or parts did not come back. */
  readonly troubles: readonly string[];
  /**
   * Only in the result of an upgrade, in which no host is lost: `target` is the version that the cluster gets, `fault` is {@link upgrade},
   * `restoreMs` its end, and times are since its begin.
   */
  readonly steps?: readonly UpgradeStep[];
}

/** What a step did that moved the pods of a node away. */
export const drained = 'drain';

/** What is in the place of a fault in the result of an upgrade. */
export const upgrade = 'upgrade';

type Probed = Pick<FailoverResult, 'probes'>;

/** Sums over the nodes' clients with a new connection for each request: closest to most users. */
export const newConnections = (result: Probed) => totals(result, 'new');

/** The same over the clients that keep one connection. */
export const keptConnections = (result: Probed) => totals(result, 'kept');

/** The same over the clients that write. */
export const writes = (result: Probed) => totals(result, 'write');

/** The same over the watches, whose requests are their events. */
export const watches = (result: Probed) => totals(result, 'watch');

/** The same over the API servers of the other masters, asked without a load balancer. */
export const direct = (result: Probed) => totals(result, 'direct');

/** The same over the clients that request a Service by its name. */
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
