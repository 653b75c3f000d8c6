import { describe, expect, test } from '@jest/globals';
import { withoutEffects } from '../../src/check/effects.ts';
import type { Finding } from '../../src/check/finding.ts';
import { stoppedId } from '../../src/check/hosts.ts';
import { apiServerFinding, etcdFindings, learnerFindings, nodeFindings } from '../../src/check/services.ts';
import { combine } from '../../src/etcd/health.ts';
import type { ObservedNode } from '../../src/observe/observed.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { hostOf } from '../phases/scene.ts';

const cluster = seedCluster();
const host = hostOf(cluster, 'node-1');
const ids = (findings: readonly Finding[]) => findings.map(({ id, severity }) => `${severity} ${id}`);
const endpoint = (last: number) => `https://192.168.1.${last}:2379`;
const mebibyte = 1024 * 1024;

/** etcdctl's answers, as etcd 3.7 writes them. */
function etcd({ lost = [], error, size }: { lost?: number[]; error?: string; size?: readonly number[] }) {
  const [dbSize, dbSizeInUse, dbSizeQuota] = size ?? [20 * mebibyte, 18 * mebibyte, 2048 * mebibyte];
  const members = [157, 158, 159];
  const health = members.map((last) => ({
    endpoint: endpoint(last),
    health: !lost.includes(last) && error === undefined,
    ...(lost.includes(last) ? { error: 'context deadline exceeded' } : error !== undefined && { error }),
  }));
  const status = members
    .filter((last) => !lost.includes(last))
    .map((last) => ({ Endpoint: endpoint(last), Status: { leader: 7, dbSize, dbSizeInUse, dbSizeQuota } }));
  return etcdFindings(cluster, combine(cluster, { health, status, stderr: '', asked: 'etcd-1' }));
}

describe('etcd', () => {
  test('that is healthy has no finding', () => {
    expect(etcd({})).toEqual([]);
  });

  test('has one for a member that does not answer, and one more without a quorum', () => {
    expect(ids(etcd({ lost: [158] }))).toEqual(['critical etcd-member/etcd-2']);
    expect(ids(etcd({ lost: [158, 159] }))).toEqual([
      'critical etcd-quorum/seed',
      'critical etcd-member/etcd-2',
      'critical etcd-member/etcd-3',
    ]);
  });

  test('has one for each alarm', () => {
    expect(ids(etcd({ error: 'Active Alarm(s): NOSPACE ' }))).toEqual(
      [1, 2, 3].map((number) => `critical etcd-alarm/etcd-${number}`),
    );
  });

  test.each([
    ['59% of the quota', [590, 590, 1000], []],
    ['60% of the quota', [600, 600, 1000], ['warning etcd-space/etcd-3']],
    ['85% of the quota', [850, 850, 1000], ['critical etcd-space/etcd-3']],
    ['a half that is free', [400, 200, 1000], ['warning etcd-fragmented/etcd-3']],
    ['a half of little that is free', [90, 45, 1000], []],
  ])('of %s', (_, megabytes, expected) => {
    const findings = etcd({ size: megabytes.map((each) => each * 1_000_000) });
    expect(ids(findings.filter(({ subject }) => subject === 'etcd-3'))).toEqual(expected);
  });

  test('before 3.6 does not say its quota: that of the flag or of etcd counts', () => {
    expect(etcd({ size: [1_200 * mebibyte, 1_200 * mebibyte, 0] })).toEqual([]);
    expect(ids(etcd({ size: [1_300 * mebibyte, 1_300 * mebibyte, 0] }))).toHaveLength(3);
  });

  test('has one for a member that does not vote', () => {
    const member = { id: '1f', name: 'etcd-3', peerUrls: [], clientUrls: [], learner: true };
    const members = [member, { ...member, learner: false }];
    expect(ids(learnerFindings(cluster, { cluster: '1', members }))).toEqual(['warning etcd-learner/etcd-3']);
  });
});

const ready: ObservedNode = {
  name: host.nodeName,
  uid: '1',
  ready: true,
  machineId: '',
  addresses: [],
  kubeletVersion: 'v1.37.2',
  runtimeVersion: '',
  cordoned: false,
};

test.each([
  ['a Ready one', [ready], []],
  ['none', [], ['critical node-missing/node-1']],
  ['one that is not Ready', [{ ...ready, ready: false, reason: 'x' }], ['critical node-not-ready/node-1']],
  ['one that is cordoned', [{ ...ready, cordoned: true }], ['warning node-cordoned/node-1']],
  ['one that a run has cordoned', [{ ...ready, cordoned: true, cordonedBy: '7' }], ['info node-cordoned/node-1']],
  [
    'one under pressure',
    [{ ...ready, pressures: [{ type: 'DiskPressure', reason: '' }] }],
    ['critical node-pressure/node-1/DiskPressure'],
  ],
  [
    'one that is not Ready for want of room',
    [{ ...ready, ready: false, pressures: [{ type: 'PIDPressure', reason: '' }] }],
    ['critical node-not-ready/node-1'],
  ],
])('a host with the role node has in the cluster %s', (_, nodes, expected) => {
  expect(ids(nodeFindings(cluster, nodes))).toEqual(expected);
});

test('a unit that does not run explains what it serves, on its own host', () => {
  const stopped = (name: string, unit: string): Finding => ({
    id: stoppedId(name, unit),
    severity: 'critical',
    subject: name,
    message: '',
    fix: '',
  });
  const [one, other] = ['master-1', 'master-2'].map((name) => apiServerFinding(hostOf(cluster, name), 'refused'));
  const members = etcd({ lost: [158] });
  const effects = [
    ...(one && other ? [one, other] : []),
    ...members,
    ...nodeFindings(cluster, [{ ...ready, ready: false }]),
  ];
  const units = [
    stopped('master-1', 'kube-apiserver.service'),
    stopped('etcd-2', 'etcd.service'),
    stopped('node-1', 'kubelet.service'),
  ];
  expect(ids(withoutEffects([...units, ...effects]))).toEqual([
    ...ids(units),
    'critical api-server-not-ready/master-2',
  ]);
  expect(withoutEffects(effects)).toHaveLength(4);
});
