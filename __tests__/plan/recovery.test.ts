import { expect, test } from '@jest/globals';
import { parseCluster } from '../../src/cluster/load.ts';
import type { EtcdOnHost } from '../../src/etcd/observe.ts';
import { planRecovery, type RecoveryFacts } from '../../src/plan/recovery.ts';
import { clusterOf } from './support.ts';

const three = clusterOf(3);
const empty: EtcdOnHost = { data: 'none', active: false };
/** A host with data that has no quorum. */
const left = (cluster = 'c'): EtcdOnHost => ({
  data: { cluster, member: 'a', history: true },
  active: true,
  why: 'context deadline exceeded',
});
const list = { cluster: 'c', members: [] };

function recovery(hosts: Readonly<Record<string, EtcdOnHost>>, parts: Partial<RecoveryFacts> = {}, file = three) {
  const observed = new Map(Object.entries(hosts));
  return planRecovery(file, { survivor: 'e1', observed, revisions: new Map(), wasRecovered: false, ...parts });
}
const refused = (...args: Parameters<typeof recovery>) => {
  const plan = recovery(...args);
  return 'refusals' in plan ? plan.refusals.map(({ code, host }) => [code, host]) : plan.do;
};
const lost = { e1: left(), e2: empty, e3: empty };

test('one member with data, and two empty hosts: etcd begins again from it', () => {
  expect(recovery(lost)).toEqual({ do: 'recover' });
});

test('while a quorum answers, also by way of another host, nothing is recovered', () => {
  expect(refused({ ...lost, e2: { ...left(), list } })).toEqual([['QUORUM_NOT_LOST', 'e2']]);
  expect(refused({ ...lost, e1: { ...left(), list } })).toEqual([['QUORUM_NOT_LOST', 'e1']]);
});

test('a run that continues a recovery finds it done, but not if another host answers', () => {
  expect(recovery({ ...lost, e1: { ...left(), list } }, { wasRecovered: true })).toEqual({ do: 'continue' });
  expect(refused({ ...lost, e2: { ...left(), list } }, { wasRecovered: true })).toEqual([['QUORUM_NOT_LOST', 'e2']]);
});

test('a host that gives no answer may have a quorum with others', () => {
  expect(refused({ e1: left(), e2: empty })).toEqual([['ETCD_MEMBERS_UNKNOWN', 'e3']]);
});

test('as many hosts with data as a quorum has members: they are to start', () => {
  const revisions = new Map(Object.entries({ e1: 7, e2: 7 }));
  expect(refused({ ...lost, e2: { ...left(), active: false } }, { revisions })).toEqual([
    ['QUORUM_NOT_LOST', undefined],
  ]);
});

test('a survivor without data, or with data that cannot be read, is refused', () => {
  expect(refused({ ...lost, e1: empty, e2: left() })).toEqual([
    ['SURVIVOR_UNFIT', 'e1'],
    ['SURVIVOR_UNFIT', 'e1'],
  ]);
  expect(refused({ ...lost, e1: { data: 'unreadable', active: false } })).toEqual([['SURVIVOR_UNFIT', 'e1']]);
});

test('of two members of five, the one with the newer data is the survivor, and the difference is said', () => {
  const five = clusterOf(5);
  const hosts = { ...lost, e2: left(), e4: empty, e5: empty };
  const revisions = new Map(Object.entries({ e1: 90, e2: 117 }));
  const plan = recovery(hosts, { revisions }, five);
  expect(plan).toMatchObject({
    refusals: [{ code: 'SURVIVOR_UNFIT', message: 'e2 has newer data: its revision is 117, 27 more than 90 here' }],
  });
  expect(recovery(hosts, { survivor: 'e2', revisions }, five)).toEqual({ do: 'recover' });
  // The data of an earlier cluster of the same hosts is judged in the same way.
  expect(refused({ ...lost, e2: left('old') }, { revisions })).toEqual([['SURVIVOR_UNFIT', 'e1']]);
  expect(refused(hosts, {}, five)).toEqual([['SURVIVOR_UNFIT', 'e1']]);
});

test('hosts with state: removed may be gone, and count for the quorum that was', () => {
  const text = `name: simulated
addons: { coredns: false, metricsServer: false }
hosts:
  - { name: m, address: 192.168.1.10, roles: [master] }
  - { name: e1, address: 192.168.1.11, roles: [etcd] }
  - { name: e2, address: 192.168.1.12, roles: [etcd], state: removed }
  - { name: e3, address: 192.168.1.13, roles: [etcd], state: removed }
`;
  expect(recovery({ e1: left() }, {}, parseCluster(text, 'cluster.yaml'))).toEqual({ do: 'recover' });
});

test('a log apart from the data is not supported, and said so', () => {
  const etcd = { ...three.etcd, extraArgs: [{ name: 'wal-dir', value: '/wal' }] };
  expect(refused(lost, {}, { ...three, etcd })).toEqual([['SURVIVOR_UNFIT', 'e1']]);
});
