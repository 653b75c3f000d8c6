import fc from 'fast-check';
import type { Role } from '../../src/cluster/schema.ts';
import { settle } from './etcd-rules.ts';
import { type File, fileCodes, type Line } from './file.ts';
import type { Order } from './schedule.ts';
import { bareMachine, type Machine, type World } from './world.ts';

export const addressOf = (slot: number): string => `192.168.1.${slot + 10}`;
const slots = 9;

/** A change of cluster.yaml, of the line that `at` selects. */
export interface Edit {
  readonly edit: (typeof edits)[number];
  readonly at: number;
  readonly other: number;
}
/** What happens to a machine, or what a person does. */
export interface Harm {
  readonly harm: (typeof harms)[number] | 'drop member' | 'start learner';
  readonly at: number;
}
export type Event = Edit | Harm | Order;

const edits = [
  ...['add', 'add', 'remove', 'remove', 'delete', 'replace', 'rename', 'move', 'swap', 'gain', 'lose'],
  ...[
    'raise',
    'raise',
    'raise etcd',
    'raise etcd',
    'any version',
    'grow',
    'grow',
    'shrink',
    'shrink',
    'unpin',
    'tidy',
    'reuse',
  ],
] as const;
const harms = [
  ...['lose', 'return', 'replace', 'lose data', 'stop etcd', 'stop API server', 'cut', 'foreign data', 'stop kubelet'],
  ...[
    'delete node',
    'cordon',
    'leave learner',
    'leave member',
    'old data',
    'swap machines',
    'lose certificate',
    'mute',
  ],
] as const;

/** The size of the first cluster, which runs; 0: none was begun. */
export interface Scene {
  readonly begun: boolean;
  readonly etcd: 1 | 3 | 5;
  readonly masters: number;
  readonly nodes: number;
  readonly stacked: boolean;
  readonly versions: readonly [kubernetes: number, etcd: number];
  readonly events: readonly Event[];
  /** Whether the user lets go what the file does not have. */
  readonly forget: boolean;
  readonly strict: boolean;
  readonly last: Order;
}

export const kubernetesVersions = ['1.34.3', '1.35.4', '1.36.3', '1.37.1', '1.37.2'] as const;
export const etcdVersions = ['3.5.24', '3.5.26', '3.6.10', '3.6.11', '3.7.3'] as const;

const seed = fc.integer({ min: 0, max: 1e9 });
export const order = (killed: fc.Arbitrary<number | undefined>) =>
  fc.record({
    kind: fc.constantFrom('whole', 'workflow', 'workflow'),
    parallel: fc.integer({ min: 1, max: 9 }),
    seed,
    killed,
  });
const place = fc.integer({ min: 0, max: slots - 1 });
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ edit: fc.constantFrom(...edits), at: place, other: place }) },
  { weight: 3, arbitrary: fc.record({ harm: fc.constantFrom(...harms), at: place }) },
  { weight: 3, arbitrary: order(fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined, freq: 3 })) },
);

/** Any cluster, with anything that happened to it. */
export const scenes: fc.Arbitrary<Scene> = fc.record({
  begun: fc.constantFrom(true, true, true, true, true, false),
  etcd: fc.constantFrom(1, 3, 3, 5),
  masters: fc.integer({ min: 1, max: 3 }),
  nodes: fc.integer({ min: 1, max: 3 }),
  stacked: fc.boolean(),
  versions: fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })),
  events: fc.array(event, { maxLength: 8 }),
  forget: fc.boolean(),
  strict: fc.boolean(),
  last: order(fc.constant(undefined)),
}) as fc.Arbitrary<Scene>;

export function fileOf({ etcd, masters, nodes, stacked, versions }: Scene): File {
  const lines: Line[] = [];
  const add = (roles: readonly Role[]) =>
    lines.push({ name: `h${lines.length + 1}`, address: addressOf(lines.length), roles, removed: false });
  const [first, second] = versions;
  const masterRoles: readonly Role[] = stacked ? ['etcd', 'master', 'node'] : ['master'];
  for (let index = 0; index < masters; index += 1) add(stacked && index >= etcd ? ['master', 'node'] : masterRoles);
  for (let index = stacked ? masters : 0; index < etcd && lines.length < slots; index += 1) add(['etcd']);
  for (let index = 0; index < nodes && lines.length < slots; index += 1) add(['node']);
  if (!lines.some(({ roles }) => roles.includes('node')))
    lines[0] = { ...(lines[0] as Line), roles: [...(lines[0] as Line).roles, 'node'] };
  return { kubernetes: kubernetesVersions[first] ?? '', etcd: etcdVersions[second] ?? '', pinned: true, lines };
}

export function bareWorld(): World {
  const world: World = {
    ...{ machines: new Map(), cluster: undefined, members: [], nodes: new Map(), lock: undefined, turns: new Set() },
    ...{ restarting: new Set(), masters: new Set(), next: 0, changes: 0, reports: 0 },
  };
  for (let slot = 0; slot < slots; slot += 1) world.machines.set(addressOf(slot), bareMachine(world));
  return world;
}

const bumped = (versions: readonly string[], now: string, by: number) =>
  versions[Math.min(versions.length - 1, versions.indexOf(now) + by)] ?? now;

/** The file after an edit. Most edits that the checks of the file refuse are left out. */
export function edited(file: File, edit: Edit, fresh: string): File {
  const next = changed(file, edit, fresh);
  return edit.other > 0 && fileCodes(next).length > 0 ? file : next;
}

function changed(file: File, { edit, at, other }: Edit, fresh: string): File {
  const { lines } = file;
  const index = at % lines.length;
  const line = lines[index] as Line;
  const second = lines[other % lines.length] as Line;
  const used = new Set(lines.map(({ address }) => address));
  const free = Array.from({ length: slots }, (_, slot) => addressOf((slot + other) % slots)).filter(
    (each) => !used.has(each),
  );
  const [empty] = free;
  const withLine = (changed: Line) => ({ ...file, lines: lines.map((each) => (each === line ? changed : each)) });
  const roles: readonly (readonly Role[])[] = [
    ['etcd'],
    ['master'],
    ['node'],
    ['master', 'node'],
    ['etcd', 'master', 'node'],
  ];
  const role = (['etcd', 'master', 'node'] as const)[other % 3] ?? 'node';
  switch (edit) {
    case 'add':
      return empty
        ? { ...file, lines: [...lines, { name: fresh, address: empty, roles: roles[at % 5] ?? [], removed: false }] }
        : file;
    case 'remove':
      return withLine({ ...line, removed: true });
    case 'delete':
      return lines.length > 1 ? { ...file, lines: lines.filter((each) => each !== line) } : file;
    case 'replace':
      return empty
        ? {
            ...file,
            lines: [
              ...lines.map((each) => (each === line ? { ...line, removed: true } : each)),
              { ...line, name: fresh, address: empty },
            ],
          }
        : file;
    case 'reuse':
      return { ...file, lines: lines.map((each) => (each === line ? { ...line, name: fresh } : each)) };
    case 'rename':
      return withLine({ ...line, name: fresh });
    case 'move':
      return empty ? withLine({ ...line, address: empty }) : file;
    case 'swap':
      return {
        ...file,
        lines: lines.map((each) => {
          if (each === line) return { ...line, address: second.address };
          return each === second ? { ...second, address: line.address } : each;
        }),
      };
    case 'gain':
      return line.roles.includes(role) ? file : withLine({ ...line, roles: [...line.roles, role] });
    case 'lose':
      return line.roles.length > 1 ? withLine({ ...line, roles: line.roles.filter((each) => each !== role) }) : file;
    case 'raise':
      return { ...file, kubernetes: bumped(kubernetesVersions, file.kubernetes, 1) };
    case 'raise etcd':
      return { ...file, etcd: bumped(etcdVersions, file.etcd, 1) };
    case 'any version':
      return { ...file, kubernetes: kubernetesVersions[at % 5] ?? '', etcd: etcdVersions[other % 5] ?? '' };
    case 'unpin':
      return { ...file, pinned: !file.pinned };
    case 'grow':
      return {
        ...file,
        lines: [
          ...lines,
          ...free.slice(0, 2).map((address, index) => ({
            name: `${fresh}-${index}`,
            address: address,
            roles: ['etcd' as const],
            removed: false,
          })),
        ],
      };
    case 'shrink': {
      const members = lines.filter((each) => each.roles.includes('etcd') && !each.removed);
      const leaving = [members[at % members.length], members[(at + 1 + (other % 2)) % members.length]];
      return { ...file, lines: lines.map((each) => (leaving.includes(each) ? { ...each, removed: true } : each)) };
    }
    case 'tidy':
      return { ...file, lines: lines.filter(({ removed }) => !removed) };
  }
}

/** Something happens to the machine in a slot, or to the cluster. */
export function harm(world: World, { harm: what, at }: Harm): void {
  const address = addressOf(at);
  const machine = world.machines.get(address) as Machine;
  const second = addressOf((at + 1) % slots);
  const nodes = [...world.nodes.keys()];
  const node = nodes[at % Math.max(1, nodes.length)] ?? '';
  world.next += 1;
  const member = { id: `x${world.next}`, address: `192.168.9.${at}`, name: '', learner: false, caughtUp: false };
  const isTaken = world.members.some((each) => each.address === address);
  const hasLearner = world.members.some(({ learner }) => learner);
  const acts: Readonly<Record<Harm['harm'], () => unknown>> = {
    lose: () => Object.assign(machine, { alive: false }),
    return: () => back(machine),
    replace: () => world.machines.set(address, bareMachine(world)),
    'lose data': () => [Object.assign(machine, { data: undefined }), machine.running.delete('etcd')],
    'stop etcd': () => machine.running.delete('etcd'),
    'stop API server': () => machine.running.delete('kube-apiserver'),
    'stop kubelet': () => machine.running.delete('kubelet'),
    cut: () => Object.assign(machine, { reachable: !machine.reachable }),
    mute: () => Object.assign(machine, { mute: !machine.mute }),
    'foreign data': () => [
      Object.assign(machine, { data: { cluster: 'another', member: 'm' } }),
      machine.running.delete('etcd'),
    ],
    'old data': () =>
      world.cluster &&
      Object.assign(machine, { data: { cluster: world.cluster, member: 'gone' } }) &&
      machine.running.delete('etcd'),
    'drop member': () => {
      world.members = world.members.filter((each) => each.address !== address);
      world.machines.set(address, bareMachine(world));
    },
    'start learner': () => {
      const left = world.members.find((each) => each.learner && each.address === address);
      const version = [...world.machines.values()].flatMap(({ running }) => running.get('etcd') ?? [])[0];
      if (!left || !world.cluster || !version) return;
      Object.assign(machine, { data: { cluster: world.cluster, member: left.id }, memberName: `h${at + 1}` });
      machine.running.set('etcd', version);
    },
    'delete node': () => world.nodes.delete(node),
    cordon: () => Object.assign(world.nodes.get(node) ?? {}, { cordoned: true }),
    'leave learner': () =>
      world.cluster && !hasLearner && !isTaken && world.members.push({ ...member, address, learner: true }),
    'leave member': () => world.cluster && world.members.push({ ...member, name: at % 2 === 0 ? '' : `left${at}` }),
    'swap machines': () => [
      world.machines.set(address, world.machines.get(second) as Machine),
      world.machines.set(second, machine),
    ],
    'lose certificate': () => Object.assign(machine, { joinedAs: undefined }) && machine.running.delete('kubelet'),
  };
  acts[what]();
  settle(world);
}

/** A machine that has power again starts what lies on its disk. */
function back(machine: Machine): void {
  Object.assign(machine, { alive: true, reachable: true });
  for (const [program, version] of machine.placed)
    if (program !== 'etcd' || machine.data) machine.running.set(program, version);
}
