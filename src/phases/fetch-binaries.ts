import { type Host, hostsWith } from '../cluster/cluster.ts';
import { downloadsOnly } from '../components/roles.ts';
import { Problem, problemsOf } from '../errors.ts';
import type { Role } from '../layout/roles.ts';
import { applyState, roleState } from './apply-role.ts';
import { isNewCluster } from './new-cluster.ts';
import { onHosts } from './on-hosts.ts';
import { type Phase, unlessDry } from './phase.ts';
import { allTargets, targetsOf } from './run.ts';
import type { Prepared } from './stages.ts';

/**
 * Installs binaries and packages of all roles on all hosts in parallel, before any unit starts: most of the time of a first deployment. In a
 * new cluster, where nothing serves that a failure on another host could hurt, no host waits for the downloads of all: see `continueOn`.
 */
export const fetchBinaries: Phase<Prepared> = {
  title: 'Fetch binaries',
  // A dry run would name each of them twice: the roles' own phases list them too.
  when: unlessDry,
  async run(run, signal) {
    const fetch = async (host: Host) => {
      for (const role of rolesOf(run, host)) {
        signal.throwIfAborted();
        await applyState(run, host, `${role}-binaries`, downloadsOnly(role, roleState(run, host, role)));
      }
    };
    const work = isNewCluster(run) ? continueOn(run, signal, fetch) : fetch;
    await onHosts(allTargets(run), work, signal);
  },
};

function rolesOf(run: Prepared, host: Host): readonly Role[] {
  return host.roles.filter((role) => targetsOf(run, role).includes(host));
}

/**
 * Lets a host start etcd as soon as it has its own binaries, and its control plane when all members of etcd have started: while others
 * still install packages. The phases of both roles then have nothing left to do.
 */
function continueOn(
  run: Prepared,
  signal: AbortSignal,
  fetch: (host: Host) => Promise<void>,
): (host: Host) => Promise<void> {
  const members = hostsWith(run.cluster, 'etcd');
  const started = new Map(members.map(({ name }) => [name, Promise.withResolvers<boolean>()]));
  const startMember = async (host: Host): Promise<void> => {
    await fetch(host);
    signal.throwIfAborted();
    if (members.includes(host)) await applyAhead(run, host, 'etcd', 'Apply etcd');
    started.get(host.name)?.resolve(true);
  };
  return async (host) => {
    try {
      await startMember(host);
    } finally {
      started.get(host.name)?.resolve(false);
    }
    if (!host.roles.includes('master')) return;
    const all = await Promise.all([...started.values()].map(({ promise }) => promise));
    signal.throwIfAborted();
    // The failure of a member is reported for its own host.
    if (all.every(Boolean)) await applyAhead(run, host, 'master', 'Apply masters');
  };
}

/** @throws Problems with the title of the role's own phase */
async function applyAhead(run: Prepared, host: Host, role: Role, phase: string): Promise<void> {
  try {
    await applyState(run, host, role, roleState(run, host, role));
  } catch (error) {
    const parts = problemsOf(error).map((part) => (part instanceof Problem ? part.within({ phase }) : part));
    throw parts.length === 1 ? parts[0] : new AggregateError(parts, `${phase} failed`);
  }
}
