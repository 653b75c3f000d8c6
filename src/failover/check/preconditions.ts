import type { Cluster, Host } from '../../cluster/cluster.ts';
import { hostsWith } from '../../cluster/cluster.ts';
import { Problem } from '../../errors.ts';
import type { EtcdHealth } from '../../etcd/health.ts';
import { type Elected, elected, type LeaseView } from '../../kubernetes/index.ts';
import { quorumOf } from '../../layout/quorum.ts';

/** The state of the cluster before the check changes anything. */
export interface ClusterState {
  /** For each master: the reason why it does not serve, or undefined. */
  readonly masters: ReadonlyMap<string, string | undefined>;
  readonly etcd: EtcdHealth;
  /** For each node: what is wrong with it, or undefined. */
  readonly nodes: ReadonlyMap<string, string | undefined>;
  readonly leases: ReadonlyMap<Elected, LeaseView>;
}

/** Every precondition for taking down this host that does not hold; empty if the check may continue. */
export function violatedPreconditions(
  cluster: Cluster,
  target: Host,
  { masters, etcd, nodes, leases }: ClusterState,
): readonly string[] {
  const reasons: string[] = [];
  if (hostsWith(cluster, 'master').length < 2)
    reasons.push('the cluster has only one master: no other one could take over');
  for (const [name, reason] of masters) if (reason !== undefined) reasons.push(`${name} does not serve: ${reason}`);
  for (const { host, healthy, error, alarm } of etcd.members) {
    if (!healthy) reasons.push(`${host}: its etcd member is not healthy: ${error}`);
    if (alarm !== undefined) reasons.push(`${host}: its etcd member has an alarm: ${alarm}`);
  }
  for (const [name, reason] of nodes) if (reason !== undefined) reasons.push(`${name}: ${reason}`);
  if (target.roles.includes('etcd')) {
    const size = etcd.members.length;
    const left = etcd.members.filter(({ host, healthy }) => healthy && host !== target.name).length;
    if (left < quorumOf(size)) {
      reasons.push(
        `without ${target.name} etcd would have ${left} of ${size} members and lose its quorum of ${quorumOf(size)}`,
      );
    }
  }
  for (const name of elected) {
    const lease = leases.get(name);
    if (!lease?.holder) reasons.push(`no host holds the lease ${name}`);
    else if (lease.host === undefined)
      reasons.push(`the lease ${name} is held by ${lease.holder}, which is no host of cluster.yaml`);
  }
  return reasons;
}

/** @throws Problem FAILOVER_REFUSED with every reason */
export function refuseUnlessSafe(cluster: Cluster, target: Host, clusterState: ClusterState): void {
  const reasons = violatedPreconditions(cluster, target, clusterState);
  if (reasons.length === 0) return;
  throw new Problem(`refused to take ${target.name} down: ${reasons[0]}`, {
    code: 'FAILOVER_REFUSED',
    host: target.name,
    detail: reasons,
    hint: 'Nothing was changed. Fix the cluster first: the check needs a healthy one.',
  });
}

/**
 * The target host: a name, or `leader` for the holder of the controller-manager's lease.
 * @throws Problem TARGET_UNKNOWN
 */
export function chooseTarget(cluster: Cluster, wanted: string, leases: ReadonlyMap<Elected, LeaseView>): Host {
  const name = wanted === 'leader' ? leases.get('kube-controller-manager')?.host : wanted;
  const target = cluster.hosts.find((host) => host.name === name);
  if (target && (target.roles.includes('master') || target.roles.includes('etcd'))) return target;
  const fit = cluster.hosts.filter(({ roles }) => roles.includes('master')).map((host) => host.name);
  throw new Problem(target ? `${wanted} carries no part of the control plane` : `there is no host ${wanted}`, {
    code: 'TARGET_UNKNOWN',
    hint: `Choose leader or one of ${fit.join(', ')}.`,
  });
}
