import { type Cluster, etcdEndpoints } from '../cluster/cluster.ts';
import { shellCommand } from '../host/shell-command.ts';
import { paths } from '../layout/paths.ts';

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
export const restartLock = 'k8s-ha-action/restart';

/** `ATTEMPT on HOST`: where a restart under the lock has failed last. Not below the lock's own prefix, where etcd keeps the queue. */
export const failedRestart = 'k8s-ha-action/failed-restart';

/** A follower whose disk takes 2 s for a write is some writes behind, and answers when it has them: that is slow, and no silence. */
const answerSeconds = 8;

/** Within this time a member answers a write, however busy it is, unless its disk is too slow for it to be relied on. */
export const promptMs = 1000;

/** The argv of an etcdctl command: a member of a living cluster answers in milliseconds. */
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
    `--command-timeout=${answerSeconds}s`,
    ...command,
  ];
}

/**
 * A linearizable read: only a member that reaches a quorum answers it (etcd's API guarantees). It takes no write to a disk and no free space, so
 * that an alarm or a slow disk does not make a living cluster look dead, as `endpoint health` does. With several endpoints one that
 * answers is enough.
 */
export function readOfQuorum(cluster: Cluster, identity: EtcdIdentity, endpoints: readonly string[]): string {
  return shellCommand(etcdctl(cluster, identity, endpoints, 'get', '--keys-only', '--limit=1', restartLock));
}

/**
 * Two writes by way of one member, one after the other: it answers when it has written and applied each itself, so that one with a slow disk does
 * not within the time limit; the second meets what the first leaves for the disk to do. They delete a key that is never there, which etcd allows
 * although its space is used up.
 */
export function promptWrites(cluster: Cluster, identity: EtcdIdentity, endpoint: string): string {
  const limit = `--command-timeout=${promptMs}ms`;
  const write = shellCommand(etcdctl(cluster, identity, [endpoint], limit, 'del', 'k8s-ha-action/none'));
  return `{ ${write} && ${write}; } >/dev/null 2>&1`;
}

/** What members say of themselves, without a quorum, within 3 s each: leader, errors, alarms; JSON. */
export function statusOf(cluster: Cluster, identity: EtcdIdentity, endpoints: readonly string[]): string {
  const limit = '--command-timeout=3s';
  return shellCommand(etcdctl(cluster, identity, endpoints, limit, '--write-out=json', 'endpoint', 'status'));
}

/** A condition: etcd's space is used up, so that it takes neither writes nor locks. */
export function hasNoSpace(
  cluster: Cluster,
  identity: EtcdIdentity,
  endpoints: readonly string[] = etcdEndpoints(cluster),
): string {
  return `${statusOf(cluster, identity, endpoints)} 2>/dev/null | grep -q alarm:NOSPACE`;
}

/** Prints the members as `readMemberList` reads them, confirmed by a quorum. */
export function memberListOf(cluster: Cluster, identity: EtcdIdentity, endpoints: readonly string[]): string {
  return shellCommand(etcdctl(cluster, identity, endpoints, '--hex', '--write-out=json', 'member', 'list'));
}

/** Prints a line for each one that holds the restart lock or waits for it. */
export function restartQueue(cluster: Cluster, identity: EtcdIdentity): string {
  return shellCommand(
    etcdctl(cluster, identity, etcdEndpoints(cluster), 'get', '--prefix', '--keys-only', `${restartLock}/`),
  );
}
