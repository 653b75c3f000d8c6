import { byAddress, type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import { hasStarted, type Member, type MemberList } from '../etcd/members.ts';
import type { EtcdOnHost } from '../etcd/observe.ts';
import { etcdPeerUrl } from '../layout/addresses.ts';
import { bootstrapText, namedPeers } from './etcd-bootstrap.ts';
import { type Health, noRoomFor, objectionTo, titleOf } from './etcd-quorum.ts';
import { keepsRole } from './kept-role.ts';
import type { Beginning, MemberFacts, MemberPlan, MemberRefusal, MemberStep } from './member-plan.ts';

/**
 * Compares the file with etcd's members; pure. Every step keeps a quorum, and what could not be observed is unknown: then nothing is changed.
 */
export function planMembers(cluster: Cluster, facts: MemberFacts): MemberPlan {
  const list = listOf(cluster, facts);
  const all = list ? partsOfLiving(cluster, facts, list) : partsOfSilent(cluster, facts);
  const parts = all.filter((part) => isOwn(part, facts));
  const refusals = parts.flatMap((part) => ('code' in part ? [part] : []));
  const steps = refusals.length > 0 ? [] : needed(parts.flatMap((part) => ('do' in part ? [part] : [])));
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

/** Each list was confirmed by a quorum; lists of two clusters are refused as foreign data. Changes are made on a host that stays. */
function listOf(cluster: Cluster, { observed }: MemberFacts): MemberList | undefined {
  const lists = hostsWith(cluster, 'etcd').map(({ name }) => observed.get(name)?.list);
  return lists.find((list) => list !== undefined);
}

function votersIn(cluster: Cluster, facts: MemberFacts, list: MemberList): readonly string[] {
  const seats = hostsWith(cluster, 'etcd').map((host) => seatOf(host, facts, list));
  return seats.flatMap(({ host, member }) => (member && !member.learner && hasStarted(member) ? [host.name] : []));
}

/** Without an addition, a stopped member is started with the others, when its role is applied. */
function needed(steps: readonly MemberStep[]): readonly MemberStep[] {
  return steps.some((step) => step.do === 'add') ? steps : steps.filter((step) => step.do !== 'resume');
}

/**
 * What must not be left half done comes first. A dead member that leaves makes room for one that joins: etcd adds no member while one does not
 * answer. A healthy one leaves last, so that never fewer members than needed can be lost.
 */
function inOrder(steps: readonly MemberStep[]): readonly MemberStep[] {
  const order = ['start', 'promote', 'resume', 'remove', 'wait', 'add', 'remove later'];
  const place = (step: MemberStep) => order.indexOf(step.do === 'remove' && step.isHealthy ? 'remove later' : step.do);
  return steps.toSorted((one, other) => place(one) - place(other));
}

/** No member answers: either there never was a cluster, or it is unknown. */
function partsOfSilent(cluster: Cluster, facts: MemberFacts): readonly Part[] {
  const hosts = hostsWith(cluster, 'etcd');
  const members = byAddress(hosts).map(({ name, address }) => ({ name, peerUrl: etcdPeerUrl(address) }));
  const said = (host: Host) => facts.observed.get(host.name);
  const empty = hosts.filter((host) => said(host)?.data === 'none');
  const kept = hosts.filter((host) => said(host) && said(host)?.data !== 'none');
  const leaving = cluster.removed.flatMap((host) => dataOf(host, said(host)));
  // Then what hosts that stay have on their disks is another life's, or was stopped.
  if (cluster.removed.some((host) => said(host)?.list)) return [departing(leaving)];
  const begins = (host: Host, how: Beginning): Part => ({ begins: host.name, how });
  const keeps = kept.map((host) => begins(host, { as: 'member' }));
  const unseen = hosts.filter((host) => !said(host)).map(unobserved);
  if (empty.length === 0) return [...keeps, ...unseen];
  const news = empty.map((host) => begins(host, { as: 'new', members }));
  if (facts.neverBootstrapped) return [...keeps, ...unseen, ...news];
  const doubts = hosts.flatMap((host) => doubtOf(host, said(host), bootstrapText(cluster, 'new', members)));
  if (doubts.length > 0) {
    const survivors = [...hosts, ...cluster.removed].filter((host) => typeof said(host)?.data === 'object');
    return [...unseen, ...keeps, ...empty.map((host) => unknown(host, doubts, survivors))];
  }
  if (leaving.length > 0 && kept.length === 0) return [departing(leaving)];
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

/** What a host may have that is to leave. */
function dataOf({ name }: Host, said: EtcdOnHost | undefined): readonly string[] {
  if (!said) return [`${name} was not asked`];
  return said.data === 'none' && !said.active ? [] : [`${name} has data`];
}

function departing(leaving: readonly string[]): MemberRefusal {
  return {
    code: 'ETCD_QUORUM',
    message: `no member of etcd that stays answers, so the cluster’s data would go with the hosts that are to leave: ${leaving.join('; ')}`,
    hint: 'Start etcd on the hosts that stay, or keep most of the etcd hosts in the file and replace the others first. If the hosts that are to leave belong to no cluster, delete their lines.',
  };
}

function unobserved({ name }: Host): MemberRefusal {
  return {
    code: 'ETCD_MEMBERS_UNKNOWN',
    host: name,
    message: 'this host gives no answer about its etcd',
    hint: 'Run again; if it stays so, look at what the host answers (`systemctl status etcd`, its disk).',
  };
}

function unknown(host: Host, doubts: readonly string[], survivors: readonly Host[]): MemberRefusal {
  const names = survivors.map(({ name }) => name).join(' or ');
  const survivor = names ? `survivor: ${names}, or with ` : '';
  return {
    code: 'ETCD_MEMBERS_UNKNOWN',
    host: host.name,
    message: `this host has no data of etcd, and no member can be asked whether there is a cluster: ${doubts.join('; ')}`,
    hint: `Start etcd on the hosts named (\`systemctl start etcd\`) until they have a quorum, then run again. If most members have lost their data for good, run the action restore with ${survivor}a backup.`,
  };
}

function lost(): MemberRefusal {
  return {
    code: 'ETCD_DATA_LOST',
    message: 'no etcd host has data, but a master or a node has been set up: the cluster’s data is gone',
    hint: 'Run the action restore with a backup, or reset the other hosts too if the cluster is to begin again.',
  };
}

/** A cluster that answers. */
function partsOfLiving(cluster: Cluster, facts: MemberFacts, list: MemberList): readonly Part[] {
  const hosts = hostsWith(cluster, 'etcd');
  const seats = hosts.map((host) => seatOf(host, facts, list));
  const taken = new Set(seats.flatMap(({ member }) => (member ? [member.id] : [])));
  const leaving = cluster.removed.map((host) => seatOf(host, facts, list));
  const health = healthOf([...seats, ...leaving], list);
  const parts = seats.flatMap((seat) => partsOf(cluster, seat, list, health));
  const addresses = hosts.map(({ address }) => etcdPeerUrl(address));
  const strays = list.members.filter(
    ({ id, peerUrls }) => !taken.has(id) && !peerUrls.some((url) => addresses.includes(url)),
  );
  return [...parts, ...allStrayParts(cluster, strays, facts, list, health)];
}

/** Dead members leave first. Each one is judged as if those before it had left: it is planned again when they have. */
function allStrayParts(
  cluster: Cluster,
  strays: readonly Member[],
  facts: MemberFacts,
  list: MemberList,
  health: Health,
): readonly Part[] {
  const isHealthy = ({ id }: Member) => health.get(id) === true;
  const left = [...list.members];
  return [...strays.filter((each) => !isHealthy(each)), ...strays.filter(isHealthy)].map((member) => {
    const part = strayPart(cluster, member, facts, { ...list, members: [...left] }, health);
    if ('do' in part) left.splice(left.indexOf(member), 1);
    return part;
  });
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

function healthOf(seats: readonly Seat[], { cluster, members }: MemberList): Health {
  const known = seats.flatMap(({ member, said }): [string, boolean][] => {
    if (!member || !said) return [];
    if (said.list) return said.list.cluster === cluster ? [[member.id, true]] : [];
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
  return said.active
    ? [kept]
    : [kept, { do: 'resume', host: name, why: 'it is stopped, and another one is to be added' }];
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
  const isHealthy = health.get(id) === true;
  return {
    do: 'remove',
    ...(host && { host: host.name }),
    id,
    name,
    why,
    ...(isHealthy && { isHealthy: true as const }),
  };
}

/** A member that no etcd host of the file has. */
function strayPart(cluster: Cluster, member: Member, { forget }: MemberFacts, list: MemberList, health: Health): Part {
  const isAt = ({ address }: Host) => member.peerUrls.includes(etcdPeerUrl(address));
  const leaves = forget.has(member.name) || cluster.removed.some(isAt);
  if (!hasStarted(member) || leaves) return removal(member, list, health);
  const host = cluster.hosts.find(isAt);
  return {
    // Without the host, which is of no etcd job: it concerns every run.
    code: 'ETCD_MEMBER_STRAY',
    message: `etcd has the member ${titleOf(member)} at ${member.peerUrls.join(', ')}, and ${host ? `${host.name}, which is at that address, does not have the role etcd` : 'no host of cluster.yaml is at that address'}`,
    hint: wayOut(cluster, member, host),
  };
}

function wayOut({ hosts }: Cluster, { name }: Member, host: Host | undefined): string {
  if (host) return keepsRole('etcd');
  const line = 'Write a line with that address and state: removed, so that the host is cleaned too.';
  // The input forget takes no name of a host that stays.
  const isKept = hosts.some((each) => each.name === name || each.nodeName === name);
  return isKept ? line : `${line} If the machine no longer exists, run again with forget: ${name}.`;
}
