import { type Host, hostsWith } from '../cluster/cluster.ts';
import type { Role } from '../layout/roles.ts';
import { type Run, targetsOf } from './run.ts';
import type { Inspected } from './stages.ts';

/**
 * Whether this run makes a cluster that has never been: it sees all hosts of etcd and the control plane, nothing was ever placed on one
 * of them, and the plan lets all members of etcd begin.
 */
export function isNewCluster(run: Inspected): boolean {
  const isNew = ({ name }: Host): boolean => run.inspections.get(name)?.scopes.length === 0;
  return (['etcd', 'master'] as const).every((role) =>
    hostsWith(run.cluster, role).every(
      (host) =>
        targetsOf(run, role).includes(host) && isNew(host) && (role !== 'etcd' || run.etcd.bootstrap.has(host.name)),
    ),
  );
}

/** The hosts that still need the role: in a new cluster, those that have not got it right after their binaries. */
export function withoutRole(run: Run & Inspected, hosts: readonly Host[], role: Role): readonly Host[] {
  if (!isNewCluster(run)) return hosts;
  return hosts.filter(({ name }) => !run.results.some(({ host, phase }) => host === name && phase === role));
}
