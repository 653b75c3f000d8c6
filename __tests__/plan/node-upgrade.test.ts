import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ObservedNode } from '../../src/observe/observed.ts';
import {
  drainPlan,
  inUpgradeOrder,
  isCordonedByPerson,
  kubeletObjection,
  olderServers,
  upgradeStep,
  versionChanges,
} from '../../src/plan/node-upgrade.ts';
import { stepInWords } from '../../src/plan/step.ts';

const node = (name: string, parts: Partial<ObservedNode> = {}): ObservedNode => ({
  ...{ name, uid: `uid-${name}`, ready: true, machineId: `id-${name}`, addresses: [], kubeletVersion: 'v1.36.3' },
  ...{ runtimeVersion: 'containerd://2.3.4', cordoned: false, ...parts },
});
const wanted = { kubernetes: '1.37.2', containerd: '2.3.4' };
const on = (program: string, version: string) => ({ host: 'one', name: 'kubernetes' as const, program, version });

describe('A node changes its version', () => {
  const kubelet = { program: 'kubelet', from: '1.36.3', to: '1.37.2' };
  const containerd = { program: 'containerd', from: '2.2.0', to: '2.3.4' };

  test('where its kubelet or containerd reports another one', () => {
    expect(versionChanges(wanted, node('one'), [])).toEqual([kubelet]);
    expect(versionChanges(wanted, node('one', { kubeletVersion: 'v1.37.2' }), [on('kubelet', '1.36.3')])).toEqual([]);
    const old = { kubeletVersion: 'v1.37.2', runtimeVersion: 'containerd://v2.2.0' };
    expect(versionChanges(wanted, node('one', old), [])).toEqual([containerd]);
  });

  test('by what lies on its host where it reports none, and not where nothing is known', () => {
    expect(versionChanges(wanted, undefined, [on('kubelet', '1.36.3'), on('containerd', '2.2.0')])).toEqual([
      kubelet,
      containerd,
    ]);
    const silent = node('one', { kubeletVersion: '', runtimeVersion: 'containerd://Unknown' });
    expect(versionChanges(wanted, silent, [on('kubelet', '1.37.2')])).toEqual([]);
    expect(versionChanges(wanted, undefined, [])).toEqual([]);
  });
});

describe('Kubelets get a version', () => {
  const objection = (answers: Record<string, string | undefined>) =>
    kubeletObjection('1.37.2', new Map(Object.entries(answers)));

  test('only if each API server has it or a newer one', () => {
    expect(objection({ one: '1.37.2', two: '1.37.4' })).toBeUndefined();
    expect(objection({ one: '1.37.2', two: '1.36.3' })).toMatchObject({
      code: 'VERSION_SKEW',
      message: 'kubelets would get 1.37.2, but an API server is older: two: kube-apiserver 1.36.3',
    });
    expect(objection({ one: undefined, two: '1.37.2' })).toMatchObject({ code: 'VERSION_UNKNOWN' });
    expect(objection({ one: undefined, two: '1.36.3' })).toMatchObject({ code: 'VERSION_SKEW' });
  });

  test('in a new node, too; there an API server that does not answer is no reason', () => {
    const answers = (two: string | undefined) =>
      new Map([
        ['one', '1.37.2'],
        ['two', two],
      ]);
    expect(olderServers('1.37.2', answers('1.36.3'))).toMatchObject({ code: 'VERSION_SKEW' });
    expect(olderServers('1.37.2', answers(undefined))).toBeUndefined();
  });

  test('never if one is older or unknown, although all others have it', () => {
    const version = fc.constantFrom('1.36.3', '1.37.1', '1.37.2', '1.38.0', undefined);
    fc.assert(
      fc.property(fc.array(version, { maxLength: 7 }), (versions) => {
        const allowed =
          kubeletObjection('1.37.2', new Map(versions.map((each, index) => [`m${index}`, each]))) === undefined;
        expect(allowed).toBe(versions.every((each) => each === '1.37.2' || each === '1.38.0'));
      }),
    );
  });
});

describe('A node is drained', () => {
  test('if another node that is Ready can take its pods', () => {
    const drain = (...others: ObservedNode[]) => drainPlan('one', [node('one'), ...others], new Set(['leaving']));
    expect(drain(node('two'))).toEqual({ drains: true });
    const others = [node('two', { cordoned: true }), node('three', { ready: false, reason: 'gone' })];
    const why = 'no other node that stays is Ready and schedulable, so its pods would have no place';
    expect(drain(...others)).toEqual({ drains: false, why });
    // It would be drained itself, in the same run.
    expect(drain(...others, node('leaving'))).toEqual({ drains: false, why });
    expect(drain(node('leaving'), node('two'))).toEqual({ drains: true });
  });

  test('not if it is not Ready itself, or does not exist', () => {
    const lost = node('one', { ready: false, reason: 'gone' });
    expect(drainPlan('one', [lost, node('two')], new Set())).toMatchObject({
      why: 'it is not Ready: gone',
    });
    expect(drainPlan('one', [node('two')], new Set())).toMatchObject({ drains: false });
  });

  test('first if an earlier run has begun with it; who was cordoned by a person stays so', () => {
    const nodes = [node('one'), node('two', { cordoned: true, cordonedBy: 'run 6' }), node('three')];
    const order = inUpgradeOrder(['one', 'two', 'three', 'four'], (name) => nodes.find((each) => each.name === name));
    expect(order).toEqual(['two', 'one', 'three', 'four']);
    expect(nodes.map(isCordonedByPerson)).toEqual([false, false, false]);
    expect(isCordonedByPerson({ cordoned: true })).toBe(true);
  });

  test('and the plan says so', () => {
    const changes = versionChanges(wanted, node('one'), []);
    const settings = { atOnce: 1, drainSeconds: 300 };
    expect(stepInWords(upgradeStep('one', changes, { drains: true }, settings), true)).toBe(
      'one: would cordon, drain, upgrade and uncordon: kubelet 1.36.3 → 1.37.2, one node at a time; interrupts each of its pods, within their budgets, for at most 300 s',
    );
    expect(upgradeStep('one', changes, { drains: false, why: 'x' }, { ...settings, atOnce: 3 })).toEqual({
      host: 'one',
      do: 'upgrade without a drain',
      reason: 'kubelet 1.36.3 → 1.37.2, at most 3 nodes at a time; x',
    });
  });
});
