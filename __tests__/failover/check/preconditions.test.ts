import { expect, test } from '@jest/globals';
import type { Cluster, Host } from '../../../src/cluster/cluster.ts';
import { hostsWith } from '../../../src/cluster/cluster.ts';
import {
  type ClusterState,
  chooseTarget,
  refuseUnlessSafe,
  violatedPreconditions,
} from '../../../src/failover/check/preconditions.ts';
import type { Elected, LeaseView } from '../../../src/kubernetes/index.ts';
import { seedCluster, smallCluster } from '../../fixtures/clusters.ts';

const view = (lease: Elected, host: string | undefined, holder = `${host}_1`): [Elected, LeaseView] => [
  lease,
  { lease, holder, host, transitions: 0, acquired: undefined, renewed: undefined, durationSeconds: 15 },
];

function clusterState(cluster: Cluster, ill: readonly string[] = []): ClusterState {
  const members = hostsWith(cluster, 'etcd').map(({ name }) => {
    const healthy = !ill.includes(name);
    return { host: name, healthy, error: healthy ? undefined : 'connection refused', leader: false, applied: 9 };
  });
  return {
    masters: new Map(hostsWith(cluster, 'master').map(({ name }) => [name, undefined])),
    etcd: { members, healthy: members.length - ill.length, quorum: Math.floor(members.length / 2) + 1 },
    nodes: new Map(hostsWith(cluster, 'node').map(({ name }) => [name, undefined])),
    leases: new Map([view('kube-controller-manager', 'master-2'), view('kube-scheduler', 'master-1')]),
  };
}

const hostOf = (cluster: Cluster, name: string) => cluster.hosts.find((host) => host.name === name) as Host;
const seed = seedCluster();
const small = smallCluster();

test('a healthy cluster may lose any master or etcd host', () => {
  for (const cluster of [seed, small]) {
    for (const host of [...hostsWith(cluster, 'master'), ...hostsWith(cluster, 'etcd')]) {
      expect(violatedPreconditions(cluster, host, clusterState(cluster))).toEqual([]);
    }
  }
});

test('a fault that would break etcd’s quorum is refused with the count', () => {
  const reasons = violatedPreconditions(small, hostOf(small, 'master-1'), clusterState(small, ['master-2']));
  expect(reasons).toContain('without master-1 etcd would have 1 of 3 members and lose its quorum of 2');
  const one = { ...seed, hosts: seed.hosts.filter(({ name }) => name !== 'etcd-2' && name !== 'etcd-3') };
  expect(violatedPreconditions(one, hostOf(one, 'etcd-1'), clusterState(one))).toEqual([
    'without etcd-1 etcd would have 0 of 1 members and lose its quorum of 1',
  ]);
});

test('an alarm of etcd violates a precondition, also if it could not be read', () => {
  for (const alarm of ['NOSPACE', 'unknown']) {
    const whole = clusterState(seed);
    const etcd = { ...whole.etcd, members: whole.etcd.members.map((member) => ({ ...member, alarm })) };
    expect(violatedPreconditions(seed, hostOf(seed, 'master-1'), { ...whole, etcd })).toContain(
      `etcd-1: its etcd member has an alarm: ${alarm}`,
    );
  }
});

test('every reason is reported at once, and nothing was changed', () => {
  const ill = clusterState(seed, ['etcd-2']);
  const masters = new Map([...ill.masters, ['master-3', 'etcd failed']]);
  const nodes = new Map([...ill.nodes, ['node-1', 'KubeletNotReady: no network']]);
  const leases = new Map([view('kube-controller-manager', undefined, 'stranger_1')]);
  expect(() => refuseUnlessSafe(seed, hostOf(seed, 'master-1'), { ...ill, masters, nodes, leases })).toThrow(
    expect.objectContaining({
      code: 'FAILOVER_REFUSED',
      fields: expect.objectContaining({
        detail: [
          'master-3 does not serve: etcd failed',
          'etcd-2: its etcd member is not healthy: connection refused',
          'node-1: KubeletNotReady: no network',
          'the lease kube-controller-manager is held by stranger_1, which is no host of cluster.yaml',
          'no host holds the lease kube-scheduler',
        ],
      }),
    }),
  );
});

test('a single master has no other one to take over', () => {
  const one = { ...seed, hosts: seed.hosts.filter(({ name }) => name !== 'master-2' && name !== 'master-3') };
  expect(violatedPreconditions(one, hostOf(one, 'master-1'), clusterState(one))).toContain(
    'the cluster has only one master: no other one could take over',
  );
});

test('the target is a name or the leader, and only of the control plane', () => {
  const { leases } = clusterState(seed);
  expect(chooseTarget(seed, 'leader', leases).name).toBe('master-2');
  expect(chooseTarget(seed, 'etcd-3', leases).name).toBe('etcd-3');
  expect(() => chooseTarget(seed, 'node-1', leases)).toThrow('node-1 carries no part of the control plane');
  expect(() => chooseTarget(seed, 'master-9', leases)).toThrow('there is no host master-9');
  expect(() => chooseTarget(seed, 'master-9', leases)).toThrow(expect.objectContaining({ code: 'TARGET_UNKNOWN' }));
});
