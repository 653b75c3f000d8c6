import { expect, test } from '@jest/globals';
import type { Role } from '../../src/cluster/schema.ts';
import { addressOf, bareWorld, type Harm, harm } from './events.ts';
import type { File, Line } from './file.ts';
import { missing } from './reached.ts';
import { type Order, type Outcome, perform } from './schedule.ts';
import type { World } from './world.ts';

// The combinations of __tests__/long/combinations.test.ts, in the simulated cluster: by one job, by the workflow one job at a time, and all jobs at once.

const orders: readonly Order[] = [
  { kind: 'whole', parallel: 1, seed: 1 },
  { kind: 'workflow', parallel: 1, seed: 2 },
  { kind: 'workflow', parallel: 9, seed: 3 },
];

const stacked: readonly Role[] = ['etcd', 'master'];
const slots: Readonly<Record<string, number>> = { m1: 0, m2: 1, m3: 2, m4: 3, m5: 4, n1: 5, n2: 6, n3: 7 };
const line = (name: string, more: Partial<Line> = {}): Line => ({
  ...{ name, address: addressOf(slots[name] ?? 8), roles: name.startsWith('m') ? stacked : ['node'] },
  ...{ removed: false, ...more },
});
const gone = (name: string): Line => line(name, { removed: true });
const lines = (...names: readonly string[]): readonly Line[] => names.map((name) => line(name));
const trio = lines('m1', 'm2', 'm3');
const base = lines('m1', 'm2', 'm3', 'n1', 'n2');

interface Case {
  /** The cluster that runs. Default: three masters with etcd and two nodes. */
  readonly from?: readonly Line[];
  /** What happens to machines before the change. */
  readonly harms?: readonly (readonly [Harm['harm'], host: string])[];
  readonly to: readonly Line[];
  readonly kubernetes?: string;
  /** Empty: it is done. */
  readonly codes?: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  'the lines the other way round': { to: base.toReversed() },
  'one node removed and another renamed': {
    to: [...trio, line('n9', { address: addressOf(5) }), gone('n2')],
    codes: ['NODE_RENAMED'],
  },
  'all nodes removed': { to: [...trio, gone('n1'), gone('n2')], codes: ['CLUSTER_NO_NODE'] },
  'two of three members replaced at once': {
    harms: [
      ['replace', 'm2'],
      ['replace', 'm3'],
    ],
    to: base,
    codes: ['ETCD_MEMBERS_UNKNOWN'],
  },
  'three members become one, of which one is stopped': {
    harms: [['stop etcd', 'm2']],
    to: [...lines('m1', 'n1', 'n2'), gone('m2'), gone('m3')],
  },
  'three members become one, and the one that stays is stopped': {
    harms: [['stop etcd', 'm1']],
    to: [...lines('m1', 'n1', 'n2'), gone('m2'), gone('m3')],
    codes: ['ETCD_QUORUM'],
  },
  'one master becomes three': { from: lines('m1', 'n1', 'n2'), to: base },
  'a master removed and another under its address in one file': {
    to: [...lines('m1', 'm2', 'n1', 'n2'), gone('m3'), line('m4', { address: addressOf(2) })],
    codes: ['CLUSTER_DUPLICATE'],
  },
  'another machine and another name under the address of a master': {
    harms: [['replace', 'm3']],
    to: [...lines('m1', 'm2', 'n1', 'n2'), line('m4', { address: addressOf(2) })],
  },
  'another name under the address of a node': {
    to: [...trio, ...lines('n1'), line('n3', { address: addressOf(6) })],
    codes: ['NODE_RENAMED'],
  },
  'another machine and another name under the address of a node': {
    harms: [['replace', 'n2']],
    to: [...trio, ...lines('n1'), line('n3', { address: addressOf(6) })],
    codes: ['NODE_NOT_LISTED'],
  },
  'two hosts removed and two others added': {
    to: [...lines('m1', 'm2', 'm4', 'n1', 'n3'), gone('m3'), gone('n2')],
  },
  'the first master and another one removed, and two others added': {
    to: [gone('m1'), gone('m2'), ...lines('m3', 'm4', 'm5', 'n1', 'n2')],
  },
  'an upgrade with a node that has no power': {
    harms: [['lose', 'n2']],
    to: base,
    kubernetes: '1.37.2',
    codes: ['HOST_UNREACHABLE'],
  },
  'an upgrade that removes the node without power': {
    harms: [['lose', 'n2']],
    to: [...lines('m1', 'm2', 'm3', 'n1'), gone('n2')],
    kubernetes: '1.37.2',
  },
  'two hosts swap their roles': {
    to: [...lines('m1', 'm2'), line('m3', { roles: ['node'] }), line('n1', { roles: stacked }), ...lines('n2')],
    codes: ['NODE_NOT_LISTED', 'MASTER_NOT_LISTED'],
  },
  'a dead master removed and another added, while a node is replaced': {
    harms: [
      ['lose', 'm3'],
      ['replace', 'n2'],
    ],
    to: [...lines('m1', 'm2', 'm4', 'n1', 'n2'), gone('m3')],
  },
};

function cluster(from: readonly Line[]): { readonly world: World; readonly file: File } {
  const world = bareWorld();
  const file = { kubernetes: '1.36.3', etcd: '3.6.11', pinned: true, lines: from };
  for (let turn = 0; turn < 2; turn += 1) expect(run(world, file, orders[0]).codes).toEqual([]);
  return { world, file };
}

const run = (world: World, file: File, order: Order = orders[0] as Order): Outcome =>
  perform(world, file, order, { strict: true, forget: new Set(), name: 'a run' });

for (const [name, { from = base, harms = [], to, kubernetes = '1.36.3', codes = [] }] of Object.entries(cases))
  test(`${name}: ${codes.length > 0 ? `refused with ${codes.join(' and ')}` : 'done'}`, () => {
    for (const order of orders) {
      const { world, file } = cluster(from);
      for (const [what, host] of harms) harm(world, { harm: what, at: slots[host] ?? 0 });
      const next = { ...file, kubernetes, lines: to };
      const outcome = run(world, next, order);
      expect([...new Set(outcome.codes)]).toEqual(codes);
      if (codes.length > 0) expect(outcome.changes).toBe(0);
      else expect(missing(world, next, new Set())).toEqual([]);
      expect(run(world, next, order).changes).toBe(0);
    }
  });

test('a removed host that comes back with power is wiped while its line is there, and refused by name without it', () => {
  for (const order of orders) {
    const { world, file } = cluster([...trio, ...lines('n1', 'n2')]);
    for (const host of ['m3', 'n2']) harm(world, { harm: 'lose', at: slots[host] ?? 0 });
    const without = { ...file, lines: [...lines('m1', 'm2', 'm4', 'n1', 'n3'), gone('m3'), gone('n2')] };
    expect(run(world, without, order).codes).toEqual([]);
    for (const host of ['m3', 'n2']) harm(world, { harm: 'return', at: slots[host] ?? 0 });
    world.nodes.set('n2', { machineId: world.machines.get(addressOf(6))?.id ?? '', version: '1.36.3', ...notCordoned });
    const tidy = { ...without, lines: without.lines.filter(({ removed }) => !removed) };
    expect(run(world, tidy, order).codes).toEqual(['NODE_NOT_LISTED', 'MASTER_NOT_LISTED']);
    expect(run(world, without, order).codes).toEqual([]);
    expect(missing(world, tidy, new Set())).toEqual([]);
    expect(run(world, tidy, order)).toMatchObject({ codes: [], changes: 0 });
  }
});

const notCordoned = { cordoned: false, cordonedBy: undefined };
