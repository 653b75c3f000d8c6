import { type Host, hostsWith } from '../cluster/cluster.ts';
import { describeProblem, Problem } from '../errors.ts';
import { claimOf, type JobPosition } from './claim-hosts.ts';
import { type Connecting, connect } from './connect-hosts.ts';
import type { Run } from './run.ts';

/** Fewer retries than for hosts that are changed: one reachable master is enough, and a dead one must not delay every job. */
const retries = 2;

/** Refusals that hold for all masters. */
const isOthers = ({ code }: Problem) => code === 'RIVAL_RUN' || code === 'RUN_OVERTAKEN';

/**
 * Connects to the reachable masters, without locks: one ready master is enough to use the cluster.
 * @param position of jobs that change the cluster through it.
 */
export function reachMasters(position?: JobPosition): Connecting {
  return {
    title: 'Connect to the masters',
    async run(run, signal) {
      const masters = hostsWith(run.cluster, 'master');
      const refusals = (await Promise.all(masters.map((master) => reachHost(run, master, position, signal)))).flat();
      if (refusals.length === masters.length) throw new AggregateError(refusals, 'no master is reachable');
      const others = refusals.filter(isOthers);
      if (others.length > 0) throw new AggregateError(others, 'another run has the cluster');
      for (const refusal of refusals) run.log.warning(describeProblem(refusal));
      return { sessions: run.connections };
    },
  };
}

/**
 * Connects to a host for reading, unless it is connected. A refusal or a failure is no reason to throw.
 * @returns an empty list, or the reason of the failure
 */
export async function reachHost(
  run: Run,
  host: Host,
  position?: JobPosition,
  signal?: AbortSignal,
): Promise<readonly Problem[]> {
  if (run.connections.has(host.name)) return [];
  const claim = position && claimOf(run, host, position);
  try {
    const asked = { readOnly: true, claim, retries: run.access.retries ?? retries };
    await connect(run, host, { ...asked, ...(signal && { signal }) });
    return [];
  } catch (error) {
    if (error instanceof Problem) return [error];
    throw error;
  }
}
