import { type Host, hostsWith } from '../cluster/cluster.ts';
import type { Claim } from '../host/engine.ts';
import { onHosts } from './on-hosts.ts';
import { type Phase, unlessDry } from './phase.ts';
import type { Run } from './run.ts';
import { type Connected, sessionOf } from './stages.ts';

/** A run whose jobs stop coming has the cluster for so long. More than a job waits for a runner, as a rule. */
const keepSeconds = 300;
/** How long a first job waits for another run: longer than one that was killed keeps the cluster. */
export const waitSeconds = keepSeconds + 60;
/** The masters are given back at the same moment, more or less. */
const restSeconds = 10;

/** Which of a run's jobs this is: the one that takes the cluster, one that comes after it, or the one that gives it back. */
export type Turn = Claim['as'];

/**
 * What a job has to do with the claim on a host. All hosts remember whose run had them last, so that a run which was
 * overtaken changes none of them any more; the masters alone keep others away between a run's jobs, so that giving it back
 * takes no connection to every host.
 */
export function claimOf(run: Run, host: Host, turn: Turn): Claim {
  if (turn === 'first') return { as: turn, waitSeconds: host === decider(run) ? waitSeconds : restSeconds };
  return { as: turn, keepSeconds: host.roles.includes('master') ? keepSeconds : 0 };
}

/**
 * The host that a job which takes the whole cluster asks for first, while it holds no other: of two runs one waits there, and
 * neither has half of the hosts. The same one in each run, for any order of the file.
 */
export function decider(run: Run): Host | undefined {
  const order = (one: Host, other: Host) => one.address.localeCompare(other.address);
  return hostsWith(run.cluster, 'master').toSorted(order)[0];
}

/** Reserves the cluster for this run's later jobs, while the hosts' locks are free. */
export const holdHosts: Phase<Connected> = {
  title: 'Keep the cluster for the jobs that follow',
  when: unlessDry,
  async run(run, signal) {
    await onHosts(hostsWith(run.cluster, 'master'), (host) => sessionOf(run, host).keep(keepSeconds), signal);
  },
};
