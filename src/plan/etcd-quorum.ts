import type { Host } from '../cluster/cluster.ts';
import type { Member, MemberList } from '../etcd/members.ts';
import { quorumOf } from '../layout/quorum.ts';
import type { MemberRefusal } from './member-plan.ts';

/** Of members by id: one answers (true), certainly does not (false), or is unknown (no entry). */
export type Health = ReadonlyMap<string, boolean>;

/**
 * Why a member must not be removed now: the members that are left would have no quorum, or it is unknown whether they have. Nothing if it may.
 * A leader transfers its leadership first (see `removeMember` of src/etcd/change.ts).
 * @param health of members by id; one that is not in it is unknown.
 */
export function objectionTo(member: Member, { members }: MemberList, health: Health): MemberRefusal | undefined {
  if (member.learner) return undefined;
  const rest = votersOf(members).filter(({ id }) => id !== member.id);
  const healthy = rest.filter(({ id }) => health.get(id) === true);
  if (healthy.length >= quorumOf(rest.length) && rest.length > 0) return undefined;
  const others = rest.filter((each) => !healthy.includes(each));
  return tooFew(
    undefined,
    `without ${titleOf(member)} etcd would have ${healthy.length} healthy members of ${rest.length}`,
    others,
  );
}

function tooFew(host: Host | undefined, message: string, ill: readonly Member[]): MemberRefusal {
  const named = ill.length > 0 ? ` (not healthy or not asked: ${ill.map(titleOf).join(', ')})` : '';
  return {
    code: 'ETCD_QUORUM',
    ...(host && { host: host.name }),
    message: `${message} and no quorum${named}`,
    hint: 'Start the other members first; etcd changes its members only while a quorum is sure.',
  };
}

/** Why a host must not become a voter now: with it, the healthy members would be no quorum if it fails to start. Nothing if it may. */
export function noRoomFor(host: Host, { members }: MemberList, health: Health): MemberRefusal | undefined {
  const voters = votersOf(members);
  const ill = voters.filter(({ id }) => health.get(id) !== true);
  const healthy = voters.length - ill.length + 1;
  if (healthy >= quorumOf(voters.length + 1)) return undefined;
  const size = voters.length + 1;
  return tooFew(host, `with ${host.name} etcd would have ${healthy} healthy members of ${size}`, ill);
}

const votersOf = (members: readonly Member[]) => members.filter(({ learner }) => !learner);

/** A member by its name and id, or by its id alone before its first start. */
export function titleOf({ name, id }: Member): string {
  return name === '' ? id : `${name} (${id})`;
}
