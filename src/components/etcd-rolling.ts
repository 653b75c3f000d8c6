import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import type { Rolling } from '../host/state.ts';
import { loopback } from './addresses.ts';
import { asMember, clientUrl, etcdctl, hasQuorum, restartQueue, underRestartLock } from './etcdctl.ts';
import { isActive, orRefuse, shellCommand } from './readiness.ts';

const unitName = 'etcd.service';

/**
 * How a member of a live cluster is restarted: one at a time, only while the others make a quorum without it, the leader
 * last and its leadership handed over first. A cluster of one member can't roll and has none of this.
 */
export function rollingMember(cluster: Cluster, host: Host): Rolling | undefined {
  const members = hostsWith(cluster, 'etcd');
  if (members.length < 2) return undefined;
  const others = members.filter((member) => member.name !== host.name).map((member) => clientUrl(member.address));
  const own = [clientUrl(loopback(host.address))];
  const quorum = Math.floor(members.length / 2) + 1;
  const ask = (endpoints: readonly string[], ...command: string[]) =>
    `${shellCommand(etcdctl(cluster, asMember, endpoints, ...command))} 2>/dev/null`;
  // In the simple form `is leader, is learner, term` follow each other in all of etcd 3.4 to 3.7, and IDs are in
  // hexadecimal as move-leader wants them. That fails gently: without it, the stop itself costs an election.
  const leads = `${ask(own, 'endpoint', 'status')} | grep -q ', true, false, [0-9]'`;

  return {
    // A member that starts again and again keeps no quorum, so it is mended at once, without waiting for a turn.
    live: `${isActive(unitName)} && ${hasQuorum(cluster, asMember)}`,
    // Members of one run ask for the lock at about the same time. In jobs that begin one after the other the leader can't
    // know of those to come: then leadership moves more than once.
    turn: [
      `leads() { ${leads}; }`,
      `queued() { ${shellCommand(restartQueue(cluster, asMember))} 2>/dev/null | grep -q .; }`,
      '! leads || sleep 2',
      'while leads && queued; do sleep 1; done',
    ].join('\n'),
    lock: underRestartLock(cluster, asMember),
    allow: [
      'enough() {',
      `healthy=$(${ask(others, '--write-out=json', 'endpoint', 'health')} | grep -o '"health":true' | wc -l)`,
      `[ "$healthy" -ge ${quorum} ]; }`,
      orRefuse(
        'enough',
        `only $((healthy)) of the other ${others.length} etcd members are healthy, and ${quorum} are needed for a quorum without ${host.name}`,
      ),
    ].join('\n'),
    before: [
      `if ${leads}; then`,
      `next=$(${ask(others, 'endpoint', 'status')} | head -n 1 | cut -d , -f 2 | tr -d ' ')`,
      `[ -z "$next" ] || ${shellCommand(etcdctl(cluster, asMember, own, 'move-leader'))} "$next" || :`,
      'fi',
    ].join('\n'),
    healthy: {
      command: `${ask(own, 'endpoint', 'health')} >/dev/null`,
      timeoutSeconds: 90,
      hint: 'The member runs but takes no part in the cluster: look at its journal for its peers and its certificates.',
    },
  };
}
