import { expect, test } from '@jest/globals';
import { hostByHostname, leaseView } from '../../src/kubernetes/leases.ts';
import { seedCluster } from '../fixtures/clusters.ts';

const { hosts } = seedCluster();
const lease = (holderIdentity: string, name = 'kube-scheduler') => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name },
  spec: {
    holderIdentity,
    leaseDurationSeconds: 15,
    leaseTransitions: 3,
    acquireTime: '2026-11-23T15:24:59.760000Z',
    renewTime: '2026-11-23T15:25:05.783123Z',
  },
});

test('a holder has its host’s name in cluster.yaml', () => {
  const view = leaseView(lease('192-168-1-154.master_0b6c7d55-8e6b-4f0a-a2a1-0c4ed1a8a6b1'), hosts);
  expect(view).toMatchObject({ lease: 'kube-scheduler', host: 'master-2', transitions: 3, durationSeconds: 15 });
  expect(view?.renewed?.getTime()).toBe(Date.parse('2026-11-23T15:25:05.783Z'));
});

test('a released lease has no holder, an unknown holder has no host, and other leases are ignored', () => {
  expect(leaseView(lease(''), hosts)).toMatchObject({ holder: '', host: undefined });
  expect(leaseView(lease('elsewhere_0b6c'), hosts)).toMatchObject({ host: undefined });
  expect(leaseView(lease('192-168-1-154.master_0b6c', 'apiserver-x'), hosts)).toBeUndefined();
});

test('a host without a name in cluster.yaml is identified by the name that it reports', () => {
  const found = new Map([['master-3', 'Rack7.example.org']]);
  expect(hostByHostname(hosts, 'rack7.example.org', found)).toBe('master-3');
});
