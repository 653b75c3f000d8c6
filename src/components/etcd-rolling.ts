import { type Cluster, etcdEndpoints, type Host, hostsWith } from '../cluster/cluster.ts';
import {
  asMember,
  etcdctl,
  hasNoSpace,
  promptMs,
  promptWrites,
  readOfQuorum,
  restartQueue,
  statusOf,
} from '../etcd/etcdctl.ts';
import { underRestartLock } from '../etcd/restart-lock.ts';
import { shellCommand } from '../host/shell-command.ts';
import { certainlyNot, mustNotRestart, type Rolling } from '../host/state.ts';
import { etcdClientUrl, loopback } from '../layout/addresses.ts';
import { components } from '../layout/components.ts';
import { quorumOf } from '../layout/quorum.ts';
import { holdOfLeader, quickestOther } from './etcd-hold.ts';
import { isActive, orRefuse, secondsSinceBoot } from './readiness.ts';

/** How long a cluster that gives no answer is asked again. */
const askSeconds = 8;
/** How often members that take too long for a write are tried again. */
const promptTries = 5;
/** A member that has no leader for so long is no part of a quorum: an election takes a second or two. */
const leaderlessSeconds = 15;

/**
 * How a member of a living cluster is restarted: one at a time, only while the others make a quorum without it, the leader
 * last and its leadership handed over first. A cluster of one member can't roll and has none of this.
 * @param voters hosts whose members vote now: one that has yet to join is none of the quorum. Empty: all of the file.
 */
export function rollingMember(cluster: Cluster, host: Host, voters: readonly string[] = []): Rolling | undefined {
  const inFile = hostsWith(cluster, 'etcd');
  const voting = inFile.filter(({ name }) => voters.includes(name) || name === host.name);
  const members = voters.length > 0 ? voting : inFile;
  if (members.length < 2) return undefined;
  const others = members.filter((member) => member.name !== host.name);
  const own = [etcdClientUrl(loopback(host.address))];
  // In the simple form `is leader, is learner, term` follow each other in all of etcd 3.4 to 3.7, and IDs are in
  // hexadecimal as move-leader wants them. That fails gently: without it, the stop itself costs an election.
  const simple = (endpoints: readonly string[]) =>
    `${shellCommand(etcdctl(cluster, asMember, endpoints, 'endpoint', 'status'))} 2>/dev/null`;
  const leads = `${simple(own)} | grep -q ', true, false, [0-9]'`;
  const words = { leads, simple };
  const reads = (url: string) => `${readOfQuorum(cluster, asMember, [url])} >/dev/null 2>&1`;
  const writes = (url: string) => promptWrites(cluster, asMember, url);
  const notEnough = `no answer from$absent, and ${quorumOf(members.length)} of the other ${others.length} etcd members are needed for a quorum without ${host.name}`;

  return {
    live: [
      isMemberOfLiving(cluster, own),
      allPrompt(cluster, host),
      enoughOthers(others, reads),
      // Known without the lock when no restart is going on: then it need not be waited for, one host after the other.
      `idle() { queue=$(${restartQueue(cluster, asMember)} 2>/dev/null) && [ -z "$queue" ] && ! ${hasNoSpace(cluster, asMember)}; }`,
      'calm() { enough || ! idle; }',
      orRefuse('calm', notEnough, 2, mustNotRestart),
    ].join('\n'),
    // Members of one run ask for the lock at about the same time. In jobs that begin one after the other the leader can't
    // know of those to come: then leadership moves more than once.
    turn: [
      `leads() { ${leads}; }`,
      `queued() { ${restartQueue(cluster, asMember)} 2>/dev/null | grep -q .; }`,
      '! leads || sleep 2',
      'while leads && queued; do sleep 1; done',
    ].join('\n'),
    lock: `${enoughOthers(others, writes)}\n${underRestartLock(cluster, host, 'etcd', asMember, 'enough')}`,
    allow: [enoughOthers(others, writes), orRefuse('enough', notEnough, promptTries)].join('\n'),
    hold: holdOfLeader(cluster, host, words),
    // Where the masters could not hold.
    before: [
      quickestOther(cluster, host, words),
      `if ${leads}; then`,
      `next=$(quickest | cut -d , -f 2 | tr -d ' ')`,
      `[ -z "$next" ] || ${shellCommand(etcdctl(cluster, asMember, own, 'move-leader'))} "$next" || :`,
      'fi',
    ].join('\n'),
    healthy: {
      command: `${readOfQuorum(cluster, asMember, own)} >/dev/null 2>&1`,
      timeoutSeconds: 90,
      hint: 'The member runs but takes no part in the cluster: look at its journal for its peers and its certificates.',
    },
    after: [
      `! ${hasNoSpace(cluster, asMember, own)} ||`,
      `echo "etcd takes no writes (alarm NOSPACE) until its space is freed, or its quota is larger on every member, and the alarm is disarmed: ${shellCommand(etcdctl(cluster, asMember, etcdEndpoints(cluster), 'alarm', 'disarm'))}"`,
    ].join(' '),
  };
}

/**
 * Is this member part of a running cluster? One answer to a quorum read is enough for yes. It is certainly not if the member itself reports
 * that it has had no leader for longer than an election takes. Anything else is unknown: a failed request is not an answer.
 */
function isMemberOfLiving(cluster: Cluster, own: readonly string[]): string {
  return [
    `quorum() { ${readOfQuorum(cluster, asMember, etcdEndpoints(cluster))} >/dev/null 2>"$TMPDIR/quorum"; }`,
    `status() { ${statusOf(cluster, asMember, own)} 2>&1; }`,
    secondsSinceBoot,
    'seconds; began=$now leaderless=',
    'until quorum; do',
    `seconds; says=$(status)`,
    `case $says in *'no leader'*) leaderless=\${leaderless:-$now} ;; *) leaderless= ;; esac`,
    `[ -z "$leaderless" ] || [ $((now - leaderless)) -lt ${leaderlessSeconds} ] || { echo 'this member has had no leader for ${leaderlessSeconds} s'; exit ${certainlyNot}; }`,
    // As long as it has no leader, it may be an election that takes its time.
    `[ -n "$leaderless" ] || [ $((now - began)) -lt ${askSeconds} ] || {`,
    `case $says in *'"leader":'*) says='it follows a leader' ;; esac`,
    `echo "etcd answers no read of a quorum ($(tail -n 1 "$TMPDIR/quorum")), and of this member: $(echo "$says" | tail -n 1)"; exit 1; }`,
    'sleep 1',
    'done',
  ].join('\n');
}

/**
 * Refuses when a member answers but takes too long for a write. While another restarts, the quorum would depend on it: a follower that is busy
 * with its disk for longer than an election takes (1 s) sends the leader no sign of life, which then steps down, and the API is away. One that
 * gives no answer at all is not judged here: it may be restarting. Of the one on this host systemd knows that it is not: busy with its disk, it may
 * leave its status unanswered, too, and then not come back from a restart for minutes.
 */
function allPrompt(cluster: Cluster, host: Host): string {
  const members = hostsWith(cluster, 'etcd').map(({ name, address }) => {
    const url = etcdClientUrl(address);
    const answers = `${statusOf(cluster, asMember, [url])} >/dev/null 2>&1`;
    return { name, url, runs: name === host.name ? `{ ${isActive(components.etcd.unit)} || ${answers}; }` : answers };
  });
  const asked = members.map(
    ({ name, url, runs }) => `{ ${promptWrites(cluster, asMember, url)} || { ! ${runs} || echo " ${name}"; }; } &`,
  );
  return [
    'tries=0',
    `until late=$({ ${asked.join(' ')} wait; } | sort | tr -d '\\n') && [ -z "$late" ]; do`,
    'tries=$((tries + 1))',
    `[ $tries -lt ${promptTries} ] || { echo "a write takes more than ${promptMs / 1000} s on$late; look at its disk. A member that is stopped (systemctl stop etcd) is started with what changed"; exit ${mustNotRestart}; }`,
    'sleep 1',
    'done',
  ].join('\n');
}

/**
 * Defines `enough`: do so many of the others answer that they make a quorum without this one? Sets `absent` to the names of those that don't.
 * @param asked of a member: a read, which a slow one answers in the end, or writes, which it must take in time to be relied on.
 */
function enoughOthers(others: readonly Host[], asked: (url: string) => string): string {
  const spare = others.length - quorumOf(others.length + 1);
  const all = others.map(({ name, address }) => `{ ${asked(etcdClientUrl(address))} || echo " ${name}"; } &`);
  return [
    'enough() {',
    `absent=$({ ${all.join(' ')} wait; } | sort | tr -d '\\n')`,
    `set -- $absent; [ $# -le ${spare} ]; }`,
  ].join('\n');
}
