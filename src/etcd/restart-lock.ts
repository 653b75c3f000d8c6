import { type Cluster, etcdEndpoints, type Host, hostsWith } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { shellCommand } from '../host/shell-command.ts';
import { type EtcdIdentity, etcdctl, hasNoSpace, restartLock, restartQueue } from './etcdctl.ts';

/** Longer than a member needs to restart and elect, so that the lock survives the restart of the member that it is held through. */
const lockSeconds = 30;

/**
 * Seconds of the clock that belong to one host, and those at their beginning in which it may begin. What lies between is more than a restart
 * needs until others see it (1 s), its check's patience (8 s), and the clocks' difference (twice the 5 s that checkHosts accepts).
 */
const slotSeconds = 30;
const beginSeconds = 8;

/**
 * Lines of sh that run their arguments while no other member or API server restarts.
 *
 * The lock is etcd's own (`etcdctl lock`). A cluster without free space (NOSPACE) refuses the lock, but the change that raises its quota must
 * roll like any other. Then hosts take turns by the clock: each has its own time slot, in which it begins only if `ready` holds and no
 * host has the old lock.
 * @param ready a condition in sh: all other members are healthy.
 */
export function underRestartLock(
  cluster: Cluster,
  host: Host,
  role: Role,
  identity: EtcdIdentity,
  ready: string,
): string {
  const all = etcdEndpoints(cluster);
  const hosts = hostsWith(cluster, role);
  const place = hosts.findIndex(({ name }) => name === host.name);
  // After `--`, or etcdctl would take the options of what is run for its own.
  const lock = shellCommand(etcdctl(cluster, identity, all, 'lock', `--ttl=${lockSeconds}`, '--', restartLock));
  return [
    `full() { ${hasNoSpace(cluster, identity)}; }`,
    `full || exec ${lock} "$@"`,
    `echo "etcd's space is used up, so that it takes no lock: restarts take turns by the clock"`,
    `ours() { now=$(date +%s); [ $((now / ${slotSeconds} % ${hosts.length})) = ${place} ] && [ $((now % ${slotSeconds})) -lt ${beginSeconds} ]; }`,
    `others() { ${restartQueue(cluster, identity)} 2>/dev/null | grep -q .; }`,
    `until ours && ! others && { ${ready}; } && ours; do sleep 0.5; done`,
    'exec "$@"',
  ].join('\n');
}
