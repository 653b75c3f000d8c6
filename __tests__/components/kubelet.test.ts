import { expect, test } from '@jest/globals';
import { kubeletConfig } from '../../src/components/kubelet-config.ts';
import { ownLabels } from '../../src/components/node-labels.ts';
import { smallCluster } from '../fixtures/clusters.ts';
import { fileOf, flag, hostNamed, seedWith, state, unitOf } from './support.ts';

test('pods use the real name servers on hosts with the stub of systemd-resolved', () => {
  const cluster = smallCluster();
  const host = hostNamed(cluster, 'node-1');
  expect(kubeletConfig(cluster, host, '/run/systemd/resolve/resolv.conf').resolvConf).toBe(
    '/run/systemd/resolve/resolv.conf',
  );
  expect(kubeletConfig(cluster, host, undefined)).not.toHaveProperty('resolvConf');
});

test('the kubelet of a host that keeps its own name gets the node’s name', () => {
  expect(flag(unitOf(state(smallCluster(), 'node-1', 'node'), 'kubelet'), 'hostname-override')).toBe('node-1');
});

test('the user’s configuration is merged in', () => {
  const cluster = seedWith('kubelet: { config: { maxPods: 50, authentication: { webhook: { cacheTTL: 1m } } } }');
  expect(kubeletConfig(cluster, hostNamed(cluster, 'node-1'), undefined)).toMatchObject({
    maxPods: 50,
    authentication: { webhook: { enabled: true, cacheTTL: '1m' }, anonymous: { enabled: false } },
  });
});

test('the kubelet sets only the labels that it may set, and leaves the rest to the administrator', () => {
  const labels = {
    disk: 'ssd',
    'example.com/rack': '7',
    'topology.kubernetes.io/zone': 'a',
    'node.kubernetes.io/pool': 'p',
    'node-role.kubernetes.io/worker': '',
    'node-restriction.kubernetes.io/secure': 'yes',
    'kubernetes.io/anything': 'x',
  };
  expect(Object.keys(ownLabels(labels))).toEqual([
    'disk',
    'example.com/rack',
    'topology.kubernetes.io/zone',
    'node.kubernetes.io/pool',
  ]);
});

test('labels of cluster.yaml are in the unit', () => {
  expect(flag(unitOf(state(smallCluster(), 'node-2', 'node'), 'kubelet'), 'node-labels')).toBe('disk=ssd');
});

test('changes of the kubelet’s own kubeconfigs do not restart it', () => {
  const { reads } = unitOf(state(smallCluster(), 'node-1', 'node'), 'kubelet');
  expect(reads.join()).not.toContain('kubelet.conf');
});

test.each(['kubelet', 'kube-proxy', 'flanneld'])('%s notices a silent connection within 8 s', (name) => {
  const { content } = unitOf(state(smallCluster(), 'node-1', 'node'), name);
  expect(content).toContain('Environment=HTTP2_READ_IDLE_TIMEOUT_SECONDS=5\n');
  expect(content).toContain('Environment=HTTP2_PING_TIMEOUT_SECONDS=3\n');
});

test.each(['kube-proxy', 'flanneld'])('%s waits for the join by itself and blocks no other unit before', (name) => {
  const unit = unitOf(state(smallCluster(), 'node-1', 'node'), name);
  expect(unit.content).toMatch(/ExecStartPre=.*kubelet-client-current\.pem/);
  expect(unit.ready?.command).toMatch(/^\[ ! -e \/var\/lib\/kubelet\/pki\/kubelet-client-current\.pem \] \|\| /);
});

test('kube-proxy has an explicit mode and node', () => {
  const proxy = JSON.parse(
    fileOf(state(seedWith('kubeProxy: { mode: nftables }'), 'node-1', 'node'), '/var/lib/kube-proxy/config.yaml'),
  );
  expect(proxy).toMatchObject({
    mode: 'nftables',
    hostnameOverride: '192-168-1-156.node',
    clusterCIDR: '10.244.0.0/16',
  });
});
