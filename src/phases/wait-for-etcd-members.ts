import { alarmsOf, waitForEtcd } from '../etcd/health.ts';
import { type Phase, unlessDry } from './phase.ts';
import { targetsOf } from './run.ts';
import { type Connected, sessionOf } from './stages.ts';

/** The time limit for a first election. */
const timeoutMs = 120_000;

/** Only for a run that has installed etcd on several hosts itself: a matrix job never waits for members of other jobs. */
export const waitForEtcdMembers: Phase<Connected> = {
  title: 'Wait for etcd',
  when: unlessDry,
  async run(run, signal) {
    const [host] = targetsOf(run, 'etcd');
    if (!host || !changedSomething(run.results, 'etcd')) return;
    const health = await waitForEtcd(sessionOf(run, host), run.cluster, { need: 'all', timeoutMs, signal });
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
