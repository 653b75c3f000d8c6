import { isFragmented } from '../check/services.ts';
import { type Host, hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { describeEtcd, type EtcdHealth, etcdHealth, type MemberHealth, waitForEtcd } from '../etcd/health.ts';
import { compactHistory, defragment, disarmAlarms, type EtcdSeat } from '../etcd/space.ts';
import { observedAtFirst } from './observe-etcd.ts';
import type { Phase } from './phase.ts';
import { type Run, targetsOf } from './run.ts';
import { type Inspected, inspectionOf, sessionOf } from './stages.ts';

/** The time for a member to answer again after its defragmentation. */
const timeoutMs = 60_000;
/** Part of the quota up to which a member has room for writes again. */
const roomy = 0.95;

/**
 * Frees space of etcd: when it is used up (NOSPACE), so that etcd takes no writes, and by choice where much of a database is free. One member at a
 * time, the leader last, each only while all are healthy. Of jobs that run at once, only that of the leader's host does it.
 * @param byChoice the input `defragment`
 */
export function freeEtcdSpace(byChoice: boolean): Phase<Inspected> {
  return {
    title: 'Free space of etcd',
    when: (run) => byChoice || [...observedAtFirst(run).values()].some(({ noSpace }) => noSpace),
    async run(run, signal) {
      const seat = seatOf(run);
      if (!seat) return;
      const health = await etcdHealth(seat.session, run.cluster);
      const isFull = hasNoSpace(health);
      const members = inTurn(run, health).filter(({ space }) => isFull || (space && isFragmented(space)));
      if (members.length === 0) return run.log.info('etcd: little of its space is free, nothing is defragmented');
      const leader = health.members.find((member) => member.leader)?.host;
      if (leader === undefined || !isSound(health)) {
        return run.log.warning(`etcd's space is not freed: ${describeEtcd(health)}`);
      }
      if (!targetsOf(run, 'etcd').some(({ name }) => name === leader)) {
        return run.log.info(`etcd's space is not freed here: the job of its leader ${leader} does it`);
      }
      if (run.dryRun) return run.log.info(`would free space of etcd on ${members.map(({ host }) => host).join(', ')}`);
      if (isFull) await compactHistory(seat);
      for (const member of members) await freeMember(run, seat, member, { hasSpace: !isFull, signal });
      if (isFull) await takeWritesAgain(run, seat);
    },
  };
}

const hasNoSpace = ({ members }: EtcdHealth): boolean => members.some(({ alarm }) => alarm?.includes('NOSPACE'));

/** A host of this run whose member is set up. */
function seatOf(run: Inspected): EtcdSeat | undefined {
  const host = targetsOf(run, 'etcd').find((each) => inspectionOf(run, each).scopes.includes('etcd'));
  return host && { session: sessionOf(run, host), cluster: run.cluster };
}

/** The leader last: while it does not answer, no write is accepted. */
function inTurn({ cluster }: Run, { members }: EtcdHealth): readonly (MemberHealth & { readonly at: Host })[] {
  const places = members.flatMap((member) => {
    const at = hostsWith(cluster, 'etcd').find(({ name }) => name === member.host);
    return at ? [{ ...member, at }] : [];
  });
  return places.toSorted((one, other) => Number(one.leader) - Number(other.leader));
}

/** All members are healthy, and none has another alarm: CORRUPT, or one that is not known. */
function isSound({ members, healthy }: EtcdHealth): boolean {
  return healthy === members.length && members.every(({ alarm = 'NOSPACE' }) => alarm === 'NOSPACE');
}

/** @throws Problem ETCD_SPACE, ETCD_UNHEALTHY, ETCD_UNKNOWN */
async function freeMember(
  run: Run,
  seat: EtcdSeat,
  { host, at, space }: MemberHealth & { readonly at: Host },
  { hasSpace, signal }: { readonly hasSpace: boolean; readonly signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
  await waitForEtcd(seat.session, run.cluster, { need: 'all', timeoutMs, signal });
  const begin = performance.now();
  await defragment(seat, at, hasSpace);
  const took = Math.round(performance.now() - begin);
  const health = await waitForEtcd(seat.session, run.cluster, { need: 'all', timeoutMs, signal });
  const after = health.members.find((member) => member.host === host)?.space;
  run.log.info(`${host}: its etcd member is defragmented: ${inWords(space)} → ${inWords(after)}, ${took} ms`);
}

const inWords = (space: MemberHealth['space']): string => (space ? `${(space.bytes / 1e6).toFixed(1)} MB` : 'unknown');

/** @throws Problem ETCD_SPACE if there is no room, unless members of other jobs may still get a larger quota */
async function takeWritesAgain(run: Run, seat: EtcdSeat): Promise<void> {
  const health = await etcdHealth(seat.session, run.cluster);
  // Disarming takes all alarms away: also CORRUPT, which a member may have found meanwhile.
  if (!isSound(health))
    throw new Problem(`etcd: its alarm was not disarmed: ${describeEtcd(health)}`, {
      code: 'ETCD_SPACE',
      hint: 'Run again when all members are healthy and have no other alarm.',
    });
  const { members } = health;
  const full = members.filter(({ space }) => space && space.bytes > roomy * space.quota).map(({ host }) => host);
  if (full.length === 0) {
    await disarmAlarms(seat);
    return run.log.info('etcd: there is room again; the alarm NOSPACE is disarmed, and it takes writes');
  }
  const message = `etcd takes no writes (alarm NOSPACE): no history is left to remove, and there is no room on ${full.join(', ')}`;
  const hint =
    'Delete what fills it (etcdctl del works without space, kubectl delete may not), or raise quota-backend-bytes in etcd.extraArgs; then run again.';
  if (targetsOf(run, 'etcd').length < hostsWith(run.cluster, 'etcd').length)
    return run.log.warning(`${message}. ${hint}`);
  throw new Problem(message, { code: 'ETCD_SPACE', hint });
}
