import { alarmsOf, waitForEtcd } from '../kubernetes/index.ts';
import { type Phase, sessionOf, targetsOf } from './run.ts';

/** How long a first election, or the rest of a matrix, may take. */
const timeoutMs = 120_000;

/** Only for a run that has just made etcd on several hosts itself: a matrix job never waits for members of other jobs. */
export const waitForQuorum: Phase = {
  title: 'Wait for etcd',
  async run(run) {
    const [host] = targetsOf(run, 'etcd');
    if (!host || run.dryRun || !changedSomething(run.results, 'etcd')) return;
    const health = await waitForEtcd(sessionOf(run, host), run.cluster, { need: 'all', timeoutMs });
    run.log.info(`etcd: ${health.healthy} of ${health.members.length} members healthy`);
    for (const alarm of alarmsOf(health.members)) run.log.warning(`etcd: ${alarm}`);
  },
};

function changedSomething(
  results: readonly { readonly phase: string; readonly changes: readonly unknown[] }[],
  phase: string,
): boolean {
  return results.some((result) => result.phase === phase && result.changes.length > 0);
}
