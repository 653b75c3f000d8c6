import { expect, test } from '@jest/globals';
import { addonManifests, bootstrapManifests } from '../../src/components/addons/index.ts';
import { administratorsGroup, bootstrapGroup } from '../../src/layout/groups.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { seedWith } from './support.ts';

const seed = seedCluster();
const all = [...bootstrapManifests(seed), ...addonManifests(seed)];
const named = (kind: string, name: string) => all.find((each) => each.kind === kind && each.metadata.name === name);

test('every object has the label of this project, and none is listed twice', () => {
  for (const { metadata } of all) {
    expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'k8s-ha-action' });
  }
  const keys = all.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
  expect(new Set(keys).size).toBe(keys.length);
});

test('the cluster itself approves no first certificate', () => {
  const text = JSON.stringify(all);
  expect(text).not.toContain('certificatesigningrequests:nodeclient');
  expect(text).toContain('certificatesigningrequests:selfnodeclient');
});

test('the group of our tokens may request to join', () => {
  expect(named('ClusterRoleBinding', 'k8s-ha-action:node-bootstrapper')).toMatchObject({
    roleRef: { name: 'system:node-bootstrapper' },
    subjects: [{ kind: 'Group', name: bootstrapGroup }],
  });
});

test('the group of the kubeconfig action’s certificates administers the cluster', () => {
  expect(named('ClusterRoleBinding', 'k8s-ha-action:admins')).toMatchObject({
    roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'Group', name: administratorsGroup }],
  });
});

test('DNS has the address that kubelets give to pods, and two replicas', () => {
  expect(named('Service', 'kube-dns')).toMatchObject({ spec: { clusterIP: '10.254.0.2' } });
  expect(named('Deployment', 'coredns')).toMatchObject({ spec: { replicas: 2 } });
  expect(named('ConfigMap', 'coredns')).toMatchObject({
    data: { Corefile: expect.stringContaining('kubernetes cluster.local in-addr.arpa') },
  });
});

test('metrics-server verifies kubelets with the cluster’s CA, and masters outside the pod network reach it', () => {
  const deployment = JSON.stringify(named('Deployment', 'metrics-server'));
  expect(deployment).toContain('--kubelet-certificate-authority=');
  expect(deployment).not.toContain('insecure');
  expect(deployment).toContain('"hostNetwork":true');
  expect(named('Deployment', 'metrics-server')).toMatchObject({
    spec: { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } },
  });
});

test('every pod meets Pod Security’s restricted profile, except for the host’s network', () => {
  const pods = all
    .filter(({ kind }) => kind === 'Deployment')
    .map((each) => (each.spec as { template: { spec: Record<string, unknown> } }).template.spec);
  expect(pods).toHaveLength(2);
  for (const pod of pods) {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    for (const container of pod.containers as { securityContext: unknown }[]) {
      expect(container.securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  }
});

test('a disabled add-on has no objects', () => {
  expect(addonManifests(seedWith('addons: { coredns: false, metricsServer: false }'))).toEqual([]);
  const without = bootstrapManifests(seedWith('network: { plugin: none }'));
  expect(JSON.stringify(without)).not.toContain('flannel');
});
