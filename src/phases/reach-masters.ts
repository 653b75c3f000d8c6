import { hostsWith } from '../cluster/cluster.ts';
import { describeProblem, Problem } from '../errors.ts';
import { openHost } from '../host/index.ts';
import { addressOf } from './connect-hosts.ts';
import type { Phase, Run } from './run.ts';

/** Connects to those masters that can be reached, unlocked: to ask the cluster, one that serves is enough. */
export const reachMasters: Phase = {
  title: 'Connect to the masters',
  async run(run) {
    const masters = hostsWith(run.cluster, 'master');
    const refusals = (await Promise.all(masters.map((master) => reach(run, master)))).flat();
    if (run.sessions.size === 0) throw new AggregateError(refusals, 'no master can be reached');
    for (const refusal of refusals) run.log.warning(describeProblem(refusal));
  },
};

/** Nothing, or why not. */
async function reach(run: Run, master: Run['cluster']['hosts'][number]): Promise<readonly Problem[]> {
  try {
    const options = { dryRun: run.dryRun, asksOnly: true, log: run.log };
    run.sessions.set(master.name, await openHost(addressOf(master), run.access, options));
    return [];
  } catch (error) {
    if (error instanceof Problem) return [error];
    throw error;
  }
}
