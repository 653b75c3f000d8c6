import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import { hasStarted, type Member, type MemberList } from '../etcd/members.ts';
import type { EtcdOnHost } from '../etcd/observe.ts';
import { etcdPeerUrl } from '../layout/addresses.ts';
import { bootstrapText, namedPeers } from './etcd-bootstrap.ts';
import { type Health, noRoomFor, objectionTo, titleOf } from './etcd-quorum.ts';
import type { Beginning, MemberFacts, MemberPlan, MemberRefusal, MemberStep } from './member-plan.ts';

/**
 * Compares the file with etcd's members; pure. Every step keeps a quorum, and what could not be observed is unknown: then nothing is changed.
 */
export function planMembers(cluster: Cluster, facts: MemberFacts): MemberPlan {
  const list = listOf(facts);
  const all = list ? partsOfLiving(cluster, facts, list) : partsOfSilent(cluster, facts);
  const parts = all.filter((part) => isOwn(part, facts));
  const refusals = parts.flatMap((part) => ('code' in part ? [part] : []));
  const steps = refusals.length > 0 ? [] : parts.flatMap((part) => ('do' in part ? [part] : []));
  const beginnings = parts.flatMap((part) => ('begins' in part ? [[part.begins, part.how] as const] : []));
  const voters = list ? votersIn(cluster, facts, list) : [];
  return { refusals, steps: inOrder(steps), voters, beginnings: new Map(beginnings) };
}

/** What is about no host of the file concerns every run. */
function isOwn(part: Part, { own }: MemberFacts): boolean {
  const host = 'begins' in part ? part.begins : part.host;
  return host === undefined || own.has(host);
}

/** Whether the plan is to start the first members of a new cluster. */
export function startsCluster(cluster: Cluster, facts: MemberFacts): boolean {
  return [...planMembers(cluster, facts).beginnings.values()].some(({ as }) => as === 'new');
}

type Part = MemberStep | MemberRefusal | { readonly begins: string; readonly how: Beginning };

/** Each list was confirmed by a quorum; lists of two clusters are refused as foreign data. */
function listOf({ observed }: MemberFacts): MemberList | undefined {
  return [...observed.values()].find(({ list }) => list !== undefined)?.list;
}

function votersIn(cluster: Cluster, facts: MemberFacts, list: MemberList): readonly string[] {
  const seats = hostsWith(cluster, 'etcd').map((host) => seatOf(host, facts, list));
  return seats.flatMap(({ host, member }) => (member && !member.learner && hasStarted(member) ? [host.name] : []));
}

/** What must not be left half done comes first; a member that leaves makes room for one that joins. */
function inOrder(steps: readonly MemberStep[]): readonly MemberStep[] {
  const order = ['start', 'promote', 'remove', 'wait', 'add'];
  return steps.toSorted((one, other) => order.indexOf(one.do) - order.indexOf(other.do));
}

/** No member answers: either there never was a cluster, or it is unknown. */
function partsOfSilent(cluster: Cluster, facts: MemberFacts): readonly Part[] {
  const hosts = hostsWith(cluster, 'etcd');
  const members = hosts.map(({ name, address }) => ({ name, peerUrl: etcdPeerUrl(address) }));
  const said = (host: Host) => facts.observed.get(host.name);
  const empty = hosts.filter((host) => said(host)?.data === 'none');
  const kept = hosts.filter((host) => said(host) && said(host)?.data !== 'none');
  const begins = (host: Host, how: Beginning): Part => ({ begins: host.name, how });
  const keeps = kept.map((host) => begins(host, { as: 'member' }));
  const unseen = hosts.filter((host) => !said(host)).map(unobserved);
  if (empty.length === 0) return [...keeps, ...unseen];
  const news = empty.map((host) => begins(host, { as: 'new', members }));
  if (facts.neverBootstrapped) return [...keeps, ...unseen, ...news];
  const doubts = hosts.flatMap((host) => doubtOf(host, said(host), bootstrapText(cluster, 'new', members)));
  if (doubts.length > 0) return [...unseen, ...keeps, ...empty.map((host) => unknown(host, doubts))];
  if (facts.hadApiServer && kept.length === 0) return [lost()];
  return [...keeps, ...news];
}

/** Why a host may be a part of a cluster that does not answer. */
function doubtOf({ name }: Host, said: EtcdOnHost | undefined, bootstrap: string): readonly string[] {
  if (!said) return [`${name} was not asked`];
  if (said.data === 'none') return said.active ? [`${name}: etcd runs with data elsewhere`] : [];
  if (said.data === 'unreadable') return [`${name} has data that cannot be read`];
  if (said.data.history) return [`${name} has data, and ${said.why ?? 'gives no answer'}`];
  // A first start that was cut off. Its data has no entry but the members that it began with.
  return said.bootstrap === bootstrap ? [] : [`${name} has begun a cluster of other members`];
}

function unobserved({ name }: Host): MemberRefusal {
  return {
    code: 'ETCD_MEMBERS_UNKNOWN',
    host: name,
    message: 'this host gives no answer about its etcd',
    hint: 'Run again; if it stays so, look at what the host answers (`systemctl status etcd`, its disk).',
  };
}

function unknown(host: Host, doubts: readonly string[]): MemberRefusal {
  return {
    code: 'ETCD_MEMBERS_UNKNOWN',
    host: host.name,
    message: `this host has no data of etcd, and no member can be asked whether there is a cluster: ${doubts.join('; ')}`,
    hint: 'Start etcd on the hosts named (`systemctl start etcd`) until they have a quorum, then run again. Without a majority of them, restore a backup.',
  };
}

function lost(): MemberRefusal {
  return {
    code: 'ETCD_DATA_LOST',
    message: 'no etcd host has data, but a master has been set up: the cluster’s data is gone',
    hint: 'Restore a snapshot of etcd, or reset the masters too if the cluster is to begin again.',
  };
}

/** A cluster that answers. */
function partsOfLiving(cluster: Cluster, facts: MemberFacts, list: MemberList): readonly Part[] {
  const hosts = hostsWith(cluster, 'etcd');
  const seats = hosts.map((host) => seatOf(host, facts, list));
  const taken = new Set(seats.flatMap(({ member }) => (member ? [member.id] : [])));
  const health = healthOf(seats, list);
  const parts = seats.flatMap((seat) => partsOf(cluster, seat, list, health));
  const addresses = hosts.map(({ address }) => etcdPeerUrl(address));
  const strays = list.members.filter(
    ({ id, peerUrls }) => !taken.has(id) && !peerUrls.some((url) => addresses.includes(url)),
  );
  return [...parts, ...strays.flatMap((member) => strayParts(member, facts, list, health))];
}

/** A host of the file, and its member. */
interface Seat {
  readonly host: Host;
  readonly said: EtcdOnHost | undefined;
  /** By the data on the host, or else by its address. */
  readonly member: Member | undefined;
}

function seatOf(host: Host, { observed }: MemberFacts, { members }: MemberList): Seat {
  const said = observed.get(host.name);
  const data = said && typeof said.data === 'object' ? said.data : undefined;
  const byData = members.find(({ id }) => id === data?.member);
  const byAddress = members.find(({ peerUrls }) => peerUrls.includes(etcdPeerUrl(host.address)));
  return { host, said, member: byData ?? byAddress };
}

function healthOf(seats: readonly Seat[], { members }: MemberList): Health {
  const known = seats.flatMap(({ member, said }): [string, boolean][] => {
    if (!member || !said) return [];
    if (said.list) return [[member.id, true]];
    return said.data === 'none' ? [[member.id, false]] : [];
  });
  const unstarted = members.filter((member) => !hasStarted(member)).map(({ id }): [string, boolean] => [id, false]);
  return new Map([...unstarted, ...known]);
}

function partsOf(cluster: Cluster, seat: Seat, list: MemberList, health: Health): readonly Part[] {
  const { host, said, member } = seat;
  if (!said) return [unobserved(host)];
  if (said.data === 'unreadable') return [foreign(host, 'data that is not etcd’s, or of another version')];
  if (said.data !== 'none') return partsWithData(seat, list, health);
  if (said.active) return [foreign(host, 'no data in its data directory, but a running etcd')];
  if (member && hasStarted(member)) return [removal(member, list, health, host)];
  if (member) {
    return [{ do: 'start', host: host.name, members: namedPeers(cluster, list, host), why: 'it is registered' }];
  }
  return [addition(host, list, health)];
}

/** A host with data is a member of this cluster, or its disk has another life. */
function partsWithData({ host, said, member }: Seat, list: MemberList, health: Health): readonly Part[] {
  if (typeof said?.data !== 'object') return [];
  const { data } = said;
  if (data.cluster !== list.cluster || (said.list && said.list.cluster !== list.cluster))
    return [foreign(host, `the data of another cluster (${data.cluster}; this one is ${list.cluster})`)];
  if (data.member !== member?.id) return [foreign(host, `the data of a member (${data.member}) that was removed`)];
  if (!member.peerUrls.includes(etcdPeerUrl(host.address)))
    return [foreign(host, `the data of a member with another address (${member.peerUrls.join(', ')})`)];
  const { name } = host;
  const kept: Part = { begins: name, how: { as: 'member' } };
  if (member.learner)
    return [
      kept,
      noRoomFor(host, list, health) ?? { do: 'promote', host: name, id: member.id, why: 'it is a learner' },
    ];
  return [kept];
}

function foreign(host: Host, what: string): MemberRefusal {
  return {
    code: 'ETCD_DATA_FOREIGN',
    host: host.name,
    message: `this host has ${what}`,
    hint: 'If the data is not needed, stop etcd there, move the data directory away and run again: the host then joins as a new member.',
  };
}

function addition(host: Host, list: MemberList, health: Health): Part {
  const learner = list.members.find((member) => member.learner);
  if (learner)
    return { do: 'wait', host: host.name, why: `${titleOf(learner)} is a learner, and etcd has one at a time` };
  const why = 'it is in the file and no member';
  return noRoomFor(host, list, health) ?? { do: 'add', host: host.name, peerUrl: etcdPeerUrl(host.address), why };
}

/** The removal of a member, or why it would break the quorum. */
function removal(member: Member, list: MemberList, health: Health, host?: Host): Part {
  const refusal = objectionTo(member, list, health);
  if (refusal) return host ? { ...refusal, host: host.name } : refusal;
  const { id, name } = member;
  const why = host ? 'the host came back without data' : 'its host leaves';
  return { do: 'remove', ...(host && { host: host.name }), id, name, why };
}

/** A member that no host of the file has. */
function strayParts(member: Member, { forget }: MemberFacts, list: MemberList, health: Health): readonly Part[] {
  if (!hasStarted(member) || forget.has(member.name)) return [removal(member, list, health)];
  return [
    {
      code: 'ETCD_MEMBER_STRAY',
      message: `etcd has the member ${titleOf(member)} at ${member.peerUrls.join(', ')}, and no host of cluster.yaml is at that address`,
      hint: `Write its line back with state: removed, so that the host is cleaned too. If the machine no longer exists, run again with forget: ${member.name}.`,
    },
  ];
}
