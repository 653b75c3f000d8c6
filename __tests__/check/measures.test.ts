import { expect, test } from '@jest/globals';
import type { Finding } from '../../src/check/finding.ts';
import {
  clockFindings,
  comparesClocks,
  diskFindings,
  keyAgeFindings,
  logWriteFindings,
} from '../../src/check/measures.ts';
import { versionFindings } from '../../src/check/versions.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { hostOf } from '../phases/scene.ts';

const cluster = seedCluster();
const host = hostOf(cluster, 'etcd-1');
const ids = (findings: readonly Finding[]) => findings.map(({ id, severity }) => `${severity} ${id}`);

test.each([
  [84, []],
  [85, ['warning disk-full/etcd-1']],
  [95, ['critical disk-full/etcd-1']],
])('a file system of which %i%% are in use', (percent, expected) => {
  const findings = diskFindings(host, [
    { mount: '/', percent: 20, of: 'space' },
    { mount: '/var/lib/etcd', percent, of: 'inodes' },
  ]);
  expect(ids(findings)).toEqual(expected);
  for (const { message } of findings) expect(message).toBe(`${percent}% of the inodes of /var/lib/etcd are in use`);
});

test.each([
  [85, []],
  [86, ['warning disk-full/node-1']],
  [90, ['critical disk-full/node-1']],
])('a node of which %i%% are in use: below, its kubelet deletes images', (percent, expected) => {
  expect(ids(diskFindings(hostOf(cluster, 'node-1'), [{ mount: '/', percent, of: 'space' }]))).toEqual(expected);
  expect(diskFindings(hostOf(cluster, 'node-1'), [{ mount: '/', percent: 84, of: 'inodes' }])).toEqual([]);
});

/** A histogram in which so many of 1,000 writes took longer than 0.512 s and than 1.024 s. */
const writes = (half: number, whole: number, count = 1000) => ({
  count,
  within: new Map([
    [0.256, count - half - whole],
    [0.512, count - half],
    [1.024, count - whole],
    [8.192, count],
  ]),
});

test.each([
  ['a slow one in a hundred', writes(10, 10), []],
  ['more than one of 0.5 s', writes(11, 1), ['warning etcd-slow-disk/etcd-1']],
  ['more than one of 1 s', writes(20, 11), ['critical etcd-slow-disk/etcd-1']],
  ['too few to say', writes(100, 100, 400), []],
  ['none known', undefined, []],
])('writes of etcd’s log, %s', (_, given, expected) => {
  expect(ids(logWriteFindings(host, given))).toEqual(expected);
});

test('the encryption key is as old as its oldest file, and old after two years', () => {
  const now = new Date('2026-11-27T12:00:00Z');
  const day = (text: string) => new Date(text);
  expect(keyAgeFindings(cluster, [], now)).toEqual([]);
  expect(keyAgeFindings(cluster, [day('2024-11-28T13:00:00Z'), day('2026-11-01')], now)).toEqual([]);
  const [old, ...others] = keyAgeFindings(cluster, [day('2026-11-01'), day('2024-11-27')], now);
  expect(old).toMatchObject({ id: 'encryption-key-old/seed', severity: 'warning' });
  expect(old?.message).toContain('730 days old');
  expect(others).toEqual([]);
});

/** Clocks of hosts a, b, c …, each measured with an error of 100 ms. */
const clocks = (...skews: readonly number[]) =>
  new Map(skews.map((clockSkewMs, index) => [String.fromCharCode(97 + index), { clockSkewMs, clockErrorMs: 100 }]));

test.each([
  ['that agree', clocks(-3, 20, 40), []],
  ['of which one differs by little more than the error', clocks(0, 0, 1200), []],
  ['of which one differs', clocks(0, 0, -1201), ['warning clock/c']],
  ['that agree, but not with the runner', clocks(9000, 9100, 9200), ['warning runner-clock/seed']],
  [
    'of which one agrees with a runner that is wrong',
    clocks(0, 9000, 9000),
    ['warning clock/a', 'warning runner-clock/seed'],
  ],
  ['too few to compare', clocks(0, 9000), []],
])('clocks %s', (_, given, expected) => {
  expect(ids(clockFindings(cluster, given))).toEqual(expected);
  expect(comparesClocks(given)).toBe(given.size > 2);
});

test.each([
  ['one 31 days before its end', '2027-01-28T00:00:00Z', ['v1.35.4'], []],
  ['one 30 days before its end', '2027-01-30T00:00:00Z', ['v1.35.4', 'v1.35.4'], ['1.35']],
  ['one after its end, and its successor', '2026-12-24T00:00:00Z', ['1.34.9', '1.35.1'], ['1.34']],
  ['one that this release does not know', '2036-01-01T00:00:00Z', ['v1.48.1', 'v1.20.0', 'x'], []],
])('versions: %s', (_, now, versions, expected) => {
  const findings = versionFindings(cluster, versions, new Date(now));
  expect(ids(findings)).toEqual(expected.map((minor) => `warning version-ends/kubernetes-${minor}`));
});
