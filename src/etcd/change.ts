import type { Cluster } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { HostSession } from '../host/engine.ts';
import { redactLines } from '../host/redact.ts';
import { shellCommand } from '../host/shell-command.ts';
import { quorumOf } from '../layout/quorum.ts';
import { asMember, etcdctl, readOfQuorum, restartLock } from './etcdctl.ts';
import { hasStarted, type Member } from './members.ts';

/** Where changes are made: on a host whose member is healthy, with the client certificate that is there. */
export interface Seat {
  readonly session: HostSession;
  readonly cluster: Cluster;
  /** By the list from which the change was planned. */
  readonly members: readonly Member[];
}

/** `later`: why etcd does not allow the change yet; it may be retried. */
export type Outcome = 'done' | { readonly later: string };

/** Longer than the restart of one member, for which the lock may be taken. */
const lockWaitSeconds = 240;
/** The lock is lost after so long, in seconds, if the host with the command dies. */
const lockSeconds = 30;

/**
 * etcd's refusals that pass by themselves: a learner that is behind, one that another job adds, members that found each other a moment ago.
 * Source: api/v3rpc/rpctypes/error.go
 */
const passing =
  /in sync with leader|too many learner members|unhealthy cluster|not enough started members|no leader|not leader|leader changed|bad leader transferee|request timed out/;
/** No answer: the change may be made or not, and is planned again from what etcd says then. Source: google.golang.org/grpc/codes, go.etcd.io/raft/node.go */
const unanswered =
  /deadline exceeded|code = Unavailable|code = Canceled|connection (?:refused|reset)|transport is closing|: EOF$|raft: stopped|server stopped/;
/** What another run has done already. */
const isDone = /member not found|Peer URLs already exists|can only promote a learner member$/;

/** Registers a host as a learner, which has no vote. @throws Problem ETCD_CHANGE_FAILED */
export async function addLearner(seat: Seat, { name, peerUrl }: { readonly name: string; readonly peerUrl: string }) {
  return await change(seat, `${etcdctlAt(seat, 'member', 'add', name, '--learner', `--peer-urls=${peerUrl}`)}`);
}

/** Lets a learner vote: later, as long as it is behind. @throws Problem ETCD_CHANGE_FAILED */
export async function promoteMember(seat: Seat, id: string) {
  return await change(seat, etcdctlAt(seat, 'member', 'promote', id));
}

/**
 * Removes a member by its id, if a quorum of the others answers in this moment; leadership moves to another member first.
 * @throws Problem ETCD_QUORUM, ETCD_CHANGE_FAILED
 */
export async function removeMember(seat: Seat, member: Member) {
  // The lock must not be held by way of the member that goes.
  const members = seat.members.filter(({ id }) => id !== member.id);
  return await change({ ...seat, members }, removalLines(seat, member));
}

/** The lines of sh that remove a member. Exit status 3: without it there is no quorum. */
export function removalLines({ cluster, members }: Pick<Seat, 'cluster' | 'members'>, member: Member): string {
  const rest = members.filter(({ id, learner }) => id !== member.id && !learner);
  const at = (urls: readonly string[], ...words: string[]) => shellCommand(etcdctl(cluster, asMember, urls, ...words));
  const urls = rest.flatMap(({ clientUrls }) => clientUrls.slice(0, 1));
  const reads = urls.map((url) => `{ ! ${readOfQuorum(cluster, asMember, [url])} >/dev/null 2>&1 || echo yes; } &`);
  const status = at(member.clientUrls, '--command-timeout=3s', 'endpoint', 'status');
  const moves = rest.filter(hasStarted).map(({ id }) => at(member.clientUrls, 'move-leader', id));
  return [
    ...(member.learner
      ? []
      : [
          `answers=$({ ${reads.join(' ')} wait; } | grep -c yes)`,
          `[ "$answers" -ge ${quorumOf(rest.length)} ] || { echo "$answers of the other ${rest.length} members answer" >&2; exit 3; }`,
        ]),
    ...(hasStarted(member) && moves.length > 0
      ? [`! ${status} 2>/dev/null | grep -q ', true, false, [0-9]' || ${moves.join(' || ')} || exit 1`]
      : []),
    at(votersUrls(rest), 'member', 'remove', member.id),
  ].join('\n');
}

/** Under the lock that every restart of a member takes: no two changes at once, and none while a member restarts. */
async function change(seat: Seat, lines: string): Promise<Outcome> {
  const lock = etcdctlAt(seat, 'lock', `--ttl=${lockSeconds}`, '--', restartLock, 'sh', '-c', lines);
  const command = `timeout ${lockWaitSeconds} ${lock}`;
  const { status, stderr } = await seat.session.run(command, { timeoutSeconds: lockWaitSeconds + 30 });
  const reasons = redactLines(stderr.slice(-4096)).map((line) => line.replace(/^Error: /, ''));
  if (status === 0 || reasons.some((reason) => isDone.test(reason))) return 'done';
  const later = reasons.findLast((reason) => passing.test(reason) || unanswered.test(reason));
  if (later !== undefined) return { later };
  const quorum = status === 3;
  throw new Problem(
    quorum
      ? `a member was not removed: ${reasons[0]}`
      : `etcd refused a change of its members: ${reasons.at(-1) ?? `status ${status}`}`,
    {
      code: quorum ? 'ETCD_QUORUM' : 'ETCD_CHANGE_FAILED',
      host: seat.session.host.name,
      detail: reasons.slice(-5),
      hint: quorum ? 'Start the other members first.' : 'Run again: the plan is made again from what etcd says.',
    },
  );
}

function etcdctlAt({ cluster, members }: Seat, ...words: readonly string[]): string {
  return shellCommand(etcdctl(cluster, asMember, votersUrls(members), ...words));
}

/** A learner answers only what it holds itself. */
function votersUrls(members: readonly Member[]): readonly string[] {
  return members.flatMap(({ learner, clientUrls }) => (learner ? [] : clientUrls.slice(0, 1)));
}
