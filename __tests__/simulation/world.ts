// A cluster of the tests' own: machines, an etcd, an API. It obeys the rules of the real programs and uses nothing of the planner.
import type { Role } from '../../src/cluster/schema.ts';

export type Program = 'etcd' | 'kube-apiserver' | 'kubelet';

/** What has power and a disk, under an address. */
export interface Machine {
  readonly id: string;
  alive: boolean;
  /** It answers the runner. */
  reachable: boolean;
  /** It does not answer questions about its etcd. */
  mute: boolean;
  /** The member whose data is on its disk. */
  data: { readonly cluster: string; readonly member: string } | undefined;
  /** The text with which its member begins. */
  bootstrap: string | undefined;
  /** The name that its member publishes. */
  memberName: string;
  readonly placed: Map<Program, string>;
  readonly running: Map<Program, string>;
  /** The node of its kubelet's certificate. */
  joinedAs: string | undefined;
  /** It has the keys of the CAs. */
  hasCa: boolean;
  readonly scopes: Set<Role>;
}

export interface EtcdMember {
  readonly id: string;
  readonly address: string;
  /** Empty until its first start. */
  name: string;
  learner: boolean;
  /** It has had all data once. */
  caughtUp: boolean;
}

export interface ApiNode {
  machineId: string;
  version: string;
  cordoned: boolean;
  cordonedBy: string | undefined;
}

export interface World {
  /** By address. */
  readonly machines: Map<string, Machine>;
  /** The id of etcd's cluster, once a majority of its first members has started. */
  cluster: string | undefined;
  members: EtcdMember[];
  readonly nodes: Map<string, ApiNode>;
  /** The job that has the lock of restarts. */
  lock: object | undefined;
  /** The jobs that have a turn for a node's upgrade. */
  readonly turns: Set<object>;
  /** The masters of the file: only to them do kubelets connect. */
  masters: ReadonlySet<string>;
  /** Machines of which a job restarts a program now. */
  readonly restarting: Set<Machine>;
  /** Counts the reports of kubelets: two machines of one node report by turns. */
  reports: number;
  /** Counts ids, and every change that a job makes. */
  next: number;
  changes: number;
}

export function bareMachine(world: Pick<World, 'next'>): Machine {
  world.next += 1;
  return {
    ...{
      id: `machine-${world.next}`,
      alive: true,
      reachable: true,
      mute: false,
      data: undefined,
      bootstrap: undefined,
      memberName: '',
    },
    ...{ placed: new Map(), running: new Map(), joinedAs: undefined, hasCa: false, scopes: new Set() },
  };
}

export const answers = (machine: Machine | undefined): machine is Machine =>
  machine?.alive === true && machine.reachable;

export const answersOfEtcd = (machine: Machine | undefined): machine is Machine => answers(machine) && !machine.mute;

/** The version of a program that runs. */
export function runs(machine: Machine | undefined, program: Program): string | undefined {
  return machine?.alive ? machine.running.get(program) : undefined;
}

export function isHealthy({ machines, cluster }: World, { address, id }: EtcdMember): boolean {
  const machine = machines.get(address);
  return runs(machine, 'etcd') !== undefined && machine?.data?.member === id && machine.data.cluster === cluster;
}

export const votersOf = ({ members }: World): readonly EtcdMember[] => members.filter(({ learner }) => !learner);

export function hasQuorum(world: World): boolean {
  const voters = votersOf(world);
  return world.cluster !== undefined && voters.filter((each) => isHealthy(world, each)).length * 2 > voters.length;
}

/** An API server serves only while etcd has a quorum. */
export function serverOf(world: World, address: string): string | undefined {
  return hasQuorum(world) ? runs(world.machines.get(address), 'kube-apiserver') : undefined;
}

/** The machine whose kubelet is this node now: the first, if several have its certificate. */
export function kubeletOf(world: World, node: string): Machine | undefined {
  return kubeletsOf(world, node)[0];
}

function kubeletsOf({ machines }: World, node: string): readonly Machine[] {
  return [...machines.values()].filter((machine) => runs(machine, 'kubelet') && machine.joinedAs === node);
}

/** Kubelets report what they are; a node that was deleted is not registered by a report. */
export function report(world: World): void {
  world.reports += 1;
  for (const [name, node] of world.nodes) {
    const kubelets = kubeletsOf(world, name);
    const machine = kubelets[world.reports % Math.max(1, kubelets.length)];
    if (machine) Object.assign(node, { machineId: machine.id, version: runs(machine, 'kubelet') });
  }
}

/** What was deleted is not Ready, also if its kubelet runs. */
export function isReady(world: World, node: string): boolean {
  return world.nodes.has(node) && kubeletOf(world, node) !== undefined;
}
