import { expect, test } from '@jest/globals';
import { stateFor } from '../../src/components/roles.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { everySecret, hostNamed, seedWith, state } from './support.ts';

const urls = (cluster = seedCluster()) =>
  (['etcd-1', 'master-1', 'node-1'] as const).flatMap(
    (name) =>
      state(cluster, name, name.startsWith('etcd') ? 'etcd' : name.startsWith('master') ? 'master' : 'node').downloads,
  );

test('every download comes from its publisher', () => {
  expect([...new Set(urls().map(({ url }) => new URL(url).pathname.split('/').slice(0, 3).join('/')))]).toEqual([
    '/etcd-io/etcd',
    '/v1.37.2/bin',
    '/containerd/containerd',
    '/opencontainers/runc',
    '/containernetworking/plugins',
    '/flannel-io/flannel',
  ]);
});

test('a mirror serves the same paths below its own', () => {
  const official = urls().flatMap(({ url, sumUrl }) => [url, sumUrl]);
  const mirrored = urls(seedWith('mirror: http://192.168.1.1:8080/files/')).flatMap(({ url, sumUrl }) => [url, sumUrl]);
  expect(mirrored).toEqual(
    urls(seedWith())
      .flatMap(({ url, sumUrl }) => [url, sumUrl])
      .map((url) => url.replace('https://', 'http://192.168.1.1:8080/files/')),
  );
  expect(official.every((url) => url.startsWith('https://'))).toBe(true);
});

test('a host of another architecture gets other files', () => {
  const cluster = seedCluster();
  const host = hostNamed(cluster, 'node-1');
  const arm = { architecture: 'arm64' };
  const { downloads } = stateFor(cluster, host, 'node', everySecret(cluster, host), arm);
  for (const { url } of downloads) expect(url).toMatch(/arm64/);
});

test('archives have a path for each of their members', () => {
  const containerd = urls().find(({ url }) => url.includes('containerd'));
  expect(containerd?.place).toEqual({
    'bin/containerd': '/usr/local/bin/containerd',
    'bin/containerd-shim-runc-v2': '/usr/local/bin/containerd-shim-runc-v2',
    'bin/ctr': '/usr/local/bin/ctr',
  });
  const plugins = urls().find(({ url }) => url.includes('cni-plugins'));
  expect(plugins?.place).toHaveProperty(['./bridge'], '/opt/cni/bin/bridge');
});
