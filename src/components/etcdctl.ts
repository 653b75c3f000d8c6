import { type Cluster, hostsWith } from '../cluster/cluster.ts';
import { paths } from '../pki/paths.ts';
import { hostPort } from './addresses.ts';
import { shellCommand } from './readiness.ts';

/** As whom etcdctl asks: paths only, so that no secret shows in an argument or an environment. */
export interface EtcdIdentity {
  readonly ca: string;
  readonly crt: string;
  readonly key: string;
}

/** On a member's own host. */
export const asMember: EtcdIdentity = { ca: paths.etcd.ca, ...paths.etcd.client };
/** On a master, which has no etcd certificate but its API server's. */
export const asApiserver: EtcdIdentity = { ca: paths.etcdCa.crt, ...paths.apiserverEtcdClient };

/** Held around every restart of a member or an API server, so that never two of either are away at once. */
const restartLock = 'k8s-ha-action/restart';

/** Longer than a member needs to restart and elect, so that the lock survives the restart of the member that it is held through. */
const lockSeconds = 30;

export function clientUrl(address: string): string {
  return `https://${hostPort(address, 2379)}`;
}

export function clientUrls(cluster: Cluster): readonly string[] {
  return hostsWith(cluster, 'etcd').map((host) => clientUrl(host.address));
}

/**
 * The argv of an etcdctl command. The limits are short since a restart asks several times: a member of a live cluster
 * answers in milliseconds, and one that is silently dead must not cost the budget of a whole roll-out.
 */
export function etcdctl(
  cluster: Cluster,
  identity: EtcdIdentity,
  endpoints: readonly string[],
  ...command: readonly string[]
): string[] {
  return [
    `${cluster.binDir}/etcdctl`,
    `--endpoints=${endpoints.join(',')}`,
    `--cacert=${identity.ca}`,
    `--cert=${identity.crt}`,
    `--key=${identity.key}`,
    '--dial-timeout=1s',
    '--command-timeout=2s',
    ...command,
  ];
}

/**
 * Exit 0 when the cluster has a quorum: each member is asked for a linearizable read, all at the same time, and one
 * that can answer is enough. A member that is cut off says no, though the others may live; so all are asked.
 */
export function hasQuorum(cluster: Cluster, identity: EtcdIdentity): string {
  const health = etcdctl(cluster, identity, clientUrls(cluster), '--write-out=json', 'endpoint', 'health');
  return `${shellCommand(health)} 2>/dev/null | grep -q '"health":true'`;
}

/**
 * Prefix of an argv that runs under the cluster-wide restart lock. It stands after `--`, or etcdctl would take the
 * options of what is run for its own.
 */
export function underRestartLock(cluster: Cluster, identity: EtcdIdentity): readonly string[] {
  return etcdctl(cluster, identity, clientUrls(cluster), 'lock', `--ttl=${lockSeconds}`, '--', restartLock);
}

/** Prints a line for each one that holds the restart lock or waits for it. */
export function restartQueue(cluster: Cluster, identity: EtcdIdentity): readonly string[] {
  return etcdctl(cluster, identity, clientUrls(cluster), 'get', '--prefix', '--keys-only', `${restartLock}/`);
}
