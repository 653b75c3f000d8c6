// What etcd does with a change of its members. Source: server/etcdserver/server.go (mayAddMember, mayPromoteMember, mayRemoveMember),
// server/etcdserver/api/membership/cluster.go (IsReadyToRemoveVotingMember, ValidateClusterAndAssignIDs).
import { type EtcdMember, hasQuorum, isHealthy, type Machine, runs, votersOf, type World } from './world.ts';

export const peerUrlOf = (address: string): string => `https://${address}:2380`;

const more = (part: number, whole: number) => part * 2 > whole;

/** `later`: etcd refuses what may pass. Without `strict`, etcd accepts what its log can take, and only the plan protects the quorum. */
export type Answer = 'done' | 'later';

export function addLearner(world: World, address: string, strict: boolean): Answer {
  if (!hasQuorum(world)) return 'later';
  if (world.members.some((each) => each.address === address)) return 'done';
  if (strict && world.members.some(({ learner }) => learner)) return 'later';
  if (strict && !votersOf(world).every((each) => isHealthy(world, each))) return 'later';
  world.next += 1;
  world.members.push({ id: `b${world.next}`, address, name: '', learner: true, caughtUp: false });
  return 'done';
}

export function promote(world: World, id: string): Answer {
  if (!hasQuorum(world)) return 'later';
  const member = world.members.find((each) => each.id === id);
  if (!member?.learner) return 'done';
  // Only its progress counts: one that has caught up may have stopped since.
  if (!member.caughtUp) return 'later';
  const started = votersOf(world).filter(({ name }) => name !== '').length + 1;
  if (!more(started, votersOf(world).length + 1)) return 'later';
  member.learner = false;
  return 'done';
}

export function remove(world: World, id: string, strict: boolean): Answer {
  if (!hasQuorum(world)) return 'later';
  const member = world.members.find((each) => each.id === id);
  if (!member) return 'done';
  if (strict && !member.learner && !mayRemove(world, member)) return 'later';
  world.members = world.members.filter((each) => each !== member);
  // A member that is removed stops.
  const machine = world.machines.get(member.address);
  if (machine?.data?.member === id) machine.running.delete('etcd');
  return 'done';
}

function mayRemove(world: World, member: EtcdMember): boolean {
  const rest = votersOf(world).filter((each) => each !== member);
  if (!more(rest.filter(({ name }) => name !== '').length, rest.length)) return false;
  return !isHealthy(world, member) || more(rest.filter((each) => isHealthy(world, each)).length, rest.length);
}

/** Starts a member: with its data; or without, by the text that says with whom to begin. False: etcd exits. */
export function start(world: World, address: string, host: string, version: string): boolean {
  const machine = world.machines.get(address);
  if (!machine) return false;
  machine.data ??= begun(world, address, host, machine.bootstrap ?? '');
  if (!machine.data) return false;
  machine.running.set('etcd', version);
  machine.memberName = host;
  form(world, machine.data.cluster);
  settle(world);
  return true;
}

const text = /^ETCD_INITIAL_CLUSTER=(?<peers>.*)\nETCD_INITIAL_CLUSTER_STATE=(?<state>.*)$/m;

/** The data of a first start. A member that joins compares the URLs of its text with those of the cluster. */
function begun(world: World, address: string, host: string, bootstrap: string): Machine['data'] {
  const { peers = '', state } = text.exec(bootstrap)?.groups ?? {};
  if (state === 'new') return { cluster: `of ${peers}`, member: idOf(host, `of ${peers}`) };
  const member = world.members.find((each) => each.address === address);
  const urls = peers.split(',').map((peer) => peer.slice(peer.indexOf('=') + 1));
  const known = world.members.map((each) => peerUrlOf(each.address));
  if (!hasQuorum(world) || !member || world.cluster === undefined) return undefined;
  return urls.toSorted().join() === known.toSorted().join() ? { cluster: world.cluster, member: member.id } : undefined;
}

/** The same wherever it is calculated, as etcd derives ids from the first members. */
const idOf = (name: string, cluster: string): string => `${name} ${cluster}`.replace(/[=,]/g, '+');

/** First members become a cluster when a majority of them runs with one text. */
function form(world: World, cluster: string): void {
  if (!cluster.startsWith('of ') || world.cluster === cluster) return;
  const members = cluster
    .slice('of '.length)
    .split(',')
    .map((peer): EtcdMember => {
      const [name = '', url = ''] = peer.split('=');
      const address = url.slice('https://'.length, -':2380'.length);
      return { id: idOf(name, cluster), address, name, learner: false, caughtUp: true };
    });
  const isUp = ({ id, address }: EtcdMember) => {
    const machine = world.machines.get(address);
    return runs(machine, 'etcd') !== undefined && machine?.data?.member === id;
  };
  if (!more(members.filter(isUp).length, members.length)) return;
  const isUsed = [...world.machines.values()].some(({ scopes }) => scopes.has('master'));
  if (world.cluster !== undefined && isUsed) throw new Error('a second cluster has begun');
  Object.assign(world, { cluster, members });
}

/** Members publish their names, and learners catch up, while there is a quorum. */
export function settle(world: World): void {
  if (!hasQuorum(world)) return;
  for (const member of world.members.filter((each) => isHealthy(world, each))) {
    member.name = world.machines.get(member.address)?.memberName ?? member.name;
    member.caughtUp = true;
  }
}
