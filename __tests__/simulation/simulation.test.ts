import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import { converge } from './converge.ts';
import { etcdScenes } from './etcd-scenes.ts';
import { type Scene, scenes } from './events.ts';

// npm run test:long does the same with 100,000 cases each.
test('from any state, runs reach the file’s state or refuse with a reason, and break nothing on the way', () => {
  fc.assert(fc.property(scenes, converge), { numRuns: 250 });
});

test('from any state of etcd, its members become those of the file or the run is refused, and never without a quorum', () => {
  fc.assert(fc.property(etcdScenes, converge), { numRuns: 400 });
});

describe('States that the long run has found', () => {
  const run = { kind: 'whole', parallel: 1, seed: 0, killed: undefined } as const;
  const raise = { edit: 'raise', at: 0, other: 0 } as const;
  const scene: Scene = {
    ...{ begun: true, etcd: 1, masters: 2, nodes: 1, stacked: false, versions: [0, 0], events: [] },
    ...{ forget: false, strict: false, last: run },
  };
  const cases: Readonly<Record<string, Partial<Scene>>> = {
    'a master that leaves still serves two minor versions behind, after a run that was killed': {
      events: [{ edit: 'replace', at: 0, other: 0 }, raise, { ...run, killed: 4 }, raise],
    },
    'a forgotten master still serves two minor versions behind': {
      forget: true,
      events: [{ edit: 'delete', at: 0, other: 0 }, raise, run, raise],
    },
    'a master that leaves and does not answer the runner still serves two minor versions behind': {
      events: [{ edit: 'replace', at: 0, other: 0 }, { harm: 'cut', at: 0 }, raise, run, raise],
    },
    'a forgotten master still serves, and no other API server runs': {
      forget: true,
      events: [{ edit: 'delete', at: 0, other: 0 }, raise, { ...run, killed: 4 }, raise],
    },
    'all members leave, and of the only one that stays the run was killed before it could vote': {
      ...{ etcd: 3, masters: 1, strict: true },
      events: [
        { edit: 'replace', at: 1, other: 0 },
        { ...run, killed: 6 },
        { edit: 'shrink', at: 0, other: 0 },
      ],
    },
    'the only voter is at an address that the file has no more, beside a learner that a killed run has left': {
      masters: 1,
      strict: true,
      events: [
        { edit: 'grow', at: 0, other: 0 },
        { ...run, killed: 6 },
        { edit: 'move', at: 6, other: 0 },
      ],
    },
    'the machine with the only member is that of a line that leaves, and the line has another role': {
      ...{ masters: 1, stacked: true },
      events: [{ edit: 'remove', at: 1, other: 0 }, run, { edit: 'swap', at: 1, other: 0 }],
    },
    'a killed first run has left a newer member on a machine that the file has no more': {
      ...{ begun: false, etcd: 3, masters: 1, stacked: true, versions: [0, 3] },
      events: [
        { edit: 'raise etcd', at: 0, other: 0 },
        { ...run, killed: 3 },
        { edit: 'move', at: 0, other: 0 },
        { edit: 'any version', at: 0, other: 0 },
      ],
    },
    'the node of a line that moved was deleted, and the only other node leaves': {
      ...{ masters: 3, nodes: 2, last: { ...run, kind: 'workflow' } },
      events: [
        { edit: 'remove', at: 4, other: 0 },
        { harm: 'delete node', at: 1 },
        { edit: 'move', at: 5, other: 0 },
      ],
    },
    'the node of a line that moved was deleted, and its old machine still runs with the former version': {
      ...{ etcd: 3, masters: 3, nodes: 2 },
      events: [{ edit: 'move', at: 7, other: 0 }, raise, { harm: 'delete node', at: 1 }],
    },
    'a node was deleted, and the only other one leaves': {
      ...{ masters: 3, nodes: 2 },
      events: [
        { edit: 'remove', at: 4, other: 0 },
        { harm: 'delete node', at: 1 },
      ],
    },
  };
  test.each(Object.entries(cases))('%s', (_, parts) => converge({ ...scene, ...parts }));
});
