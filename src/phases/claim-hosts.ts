import { byAddress, type Host, hostsWith } from '../cluster/cluster.ts';
import type { Claim } from '../host/engine.ts';
import { onHosts } from './on-hosts.ts';
import { type Phase, unlessDry } from './phase.ts';
import type { Run } from './run.ts';
import { type Connected, sessionOf } from './stages.ts';

/** Seconds until the reservation of a run without further jobs ends. Usually longer than a job waits for a runner. */
const holdSeconds = 300;
/** Seconds that a first job waits for another run: longer than the reservation of a killed run. */
export const waitSeconds = holdSeconds + 60;
/** The masters are released at about the same time. */
const restSeconds = 10;

/** The position of a job in its run: the one that reserves the cluster, a later one, or the one that releases it. */
export type JobPosition = Claim['as'];

/**
 * The use of a host's claim by a job. All hosts record which run used them last, so an overtaken run changes none of them;
 * only the masters exclude other runs between a run's jobs, so releasing the cluster needs no connection to every host.
 */
export function claimOf(run: Run, host: Host, position: JobPosition): Claim {
  const commit = run.commit ? { commit: { id: run.commit, began: run.now } } : {};
  if (position === 'first')
    return { as: position, waitSeconds: host === lockLeader(run) ? waitSeconds : restSeconds, ...commit };
  return { as: position, holdSeconds: host.roles.includes('master') ? holdSeconds : 0, ...commit };
}

/**
 * The first host to lock for a job that reserves the cluster, while it holds no other lock: of two runs one waits there, and
 * neither has half of the hosts. The same one in each run, for any order of the file.
 */
export function lockLeader(run: Run): Host | undefined {
  return byAddress(hostsWith(run.cluster, 'master'))[0];
}

/** Reserves the cluster for this run's later jobs, while the hosts' locks are free. */
export const holdHosts: Phase<Connected> = {
  title: 'Reserve the cluster for later jobs',
  when: unlessDry,
  async run(run, signal) {
    await onHosts(hostsWith(run.cluster, 'master'), (host) => sessionOf(run, host).holdClaim(holdSeconds), signal);
  },
};
