import { expect, test } from '@jest/globals';
import type { EtcdHealth } from '../../src/etcd/health.ts';
import type { Inspection } from '../../src/host/engine.ts';
import { lastOfRole, quorumLost, whyNotOurs } from '../../src/phases/check-reset.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { hostOf, inspectionOf } from './scene.ts';

const seed = seedCluster();
const host = hostOf(seed, 'node-1');
const found = (parts: Partial<Inspection>) => whyNotOurs('seed', host, inspectionOf(host, {}, parts))?.code;

test('A host is ours if its lists have the name of the cluster, or had it before a reset', () => {
  expect(found({ scopes: ['node'], owners: ['seed'] })).toBeUndefined();
  expect(found({ scopes: [], owners: ['seed'], isReset: true })).toBeUndefined();
});

test('A host without lists, or with lists that name no cluster, is not ours', () => {
  expect(found({})).toBe('RESET_NOT_OURS');
  expect(found({ scopes: ['node'] })).toBe('RESET_NOT_OURS');
});

test('A host of another cluster is refused, also one that is only half another’s, or was reset as another’s', () => {
  expect(found({ scopes: ['node'], owners: ['other'] })).toBe('RESET_OTHER_CLUSTER');
  expect(found({ scopes: ['node', 'etcd'], owners: ['seed', 'other'] })).toBe('RESET_OTHER_CLUSTER');
  expect(found({ owners: ['other'], isReset: true })).toBe('RESET_OTHER_CLUSTER');
});

test('The last hosts of a role are refused with the way out, and every role that would be lost is named', () => {
  const named = (...names: readonly string[]) =>
    lastOfRole(
      seed.hosts,
      names.map((name) => hostOf(seed, name)),
    );
  expect(named('master-1', 'master-2', 'etcd-1')).toEqual([]);
  const problems = named('node-1', 'etcd-1', 'etcd-2', 'etcd-3');
  expect(problems.map(({ message }) => /the role (\w+)/.exec(message)?.[1])).toEqual(['etcd', 'node']);
  for (const { code, fields } of problems) {
    expect(code).toBe('RESET_LAST');
    expect(fields.hint).toContain('whole cluster');
  }
});

/** Members by name; a dash in front of one that is not healthy. */
function healthOf(...names: readonly string[]): EtcdHealth {
  const members = names.map((name) => ({
    host: name.replace('-', ''),
    healthy: !name.startsWith('-'),
    error: name.startsWith('-') ? 'no answer' : undefined,
    leader: false,
    applied: 1,
  }));
  const healthy = members.filter((member) => member.healthy).length;
  return { members, healthy, quorum: Math.floor(members.length / 2) + 1 };
}

test.each([
  [['a', 'b', 'c'], ['a'], true],
  [['a', 'b', 'c'], ['a', 'b'], false],
  [['a', 'b', '-c'], ['a'], false],
  // What is lost already may go.
  [['a', 'b', '-c'], ['c'], true],
  [['a', '-b', '-c'], ['c'], false],
  [['a', 'b', 'c', 'd', 'e'], ['a', 'b'], true],
  [['a', 'b', 'c', 'd', '-e'], ['a', 'b'], false],
] as const)('Of the members %j, %j may be reset: %p', (members, targets, may) => {
  const lost = quorumLost(
    healthOf(...members),
    targets.map((name) => ({ ...host, name })),
  );
  expect(lost === undefined).toBe(may);
  // The code of this refusal is RESET_QUORUM.
  if (!may) expect(lost).toMatch(/^\d of \d members would be left and \d are needed/);
});
