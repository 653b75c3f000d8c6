import { expect, test } from '@jest/globals';
import { cniState } from '../../src/components/cni.ts';
import { containerdState } from '../../src/components/containerd.ts';
import { etcdBinaries, flanneldBinary, kubernetesBinary } from '../../src/components/downloads.ts';
import { cordonAnnotation, type Node } from '../../src/kubernetes/index.ts';
import { places } from '../../src/layout/paths.ts';
import { observedNode } from '../../src/observe/api.ts';
import { placedVersions } from '../../src/observe/placed.ts';
import { seedCluster } from '../fixtures/clusters.ts';

test('A host’s versions are read from where its programs came from, with and without a mirror', () => {
  const cluster = seedCluster();
  for (const one of [cluster, { ...cluster, mirror: 'http://mirror.example.com:8080/files' }]) {
    const containerd = containerdState(one, 'amd64');
    const downloads = [
      kubernetesBinary(one, 'amd64', 'kubelet'),
      etcdBinaries(one, 'amd64', ['etcd', 'etcdctl']),
      flanneldBinary(one, 'amd64'),
      ...containerd.downloads,
      ...cniState(one, 'amd64').downloads,
    ];
    const placed = downloads.flatMap(({ url, place }): (readonly [string, string])[] =>
      typeof place === 'string' ? [[place, url]] : Object.values(place).map((path) => [path, url] as const),
    );
    const config = containerd.files.find(({ path }) => path === places.containerdConfig);
    const stdout = /\/pause:[0-9.]*/.exec(config?.content ?? '')?.[0] ?? '';
    const seen = placedVersions('one', { downloads: new Map(placed), answers: [{ status: 0, stdout }] });
    const { coredns, metricsServer, ...onHosts } = one.versions;
    expect(Object.fromEntries(seen.map(({ name, version }) => [name, version]))).toEqual({
      kubernetes: one.kubernetesVersion,
      ...onHosts,
    });
    expect(seen.filter(({ name }) => name === 'etcd').map(({ program }) => program)).toEqual(['etcd', 'etcdctl']);
  }
});

test('A file from an unknown place has no version', () => {
  const downloads = new Map([['/usr/local/bin/kubelet', 'https://example.com/kubelet']]);
  expect(placedVersions('one', { downloads, answers: [] })).toEqual([]);
});

test('A Node is reduced to what plans depend on', () => {
  const node: Node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1', uid: 'abc', annotations: { [cordonAnnotation]: 'run 7' } },
    spec: { unschedulable: true, podCIDR: '10.244.2.0/24' },
    status: {
      conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' }],
      nodeInfo: { kubeletVersion: 'v1.37.2', containerRuntimeVersion: 'containerd://2.3.4', machineID: '7'.repeat(32) },
      addresses: [
        { type: 'InternalIP', address: '192.168.1.9' },
        { type: 'Hostname', address: 'node-1' },
      ],
    },
  };
  expect(observedNode(node)).toEqual({
    ...{ name: 'node-1', uid: 'abc', ready: false, reason: 'NodeStatusUnknown', machineId: '7'.repeat(32) },
    ...{ addresses: ['192.168.1.9'], kubeletVersion: 'v1.37.2', podSubnet: '10.244.2.0/24' },
    ...{ runtimeVersion: 'containerd://2.3.4' },
    ...{ cordoned: true, cordonedBy: 'run 7' },
  });
  const pressed = (...types: string[]) =>
    observedNode({
      ...node,
      status: { conditions: types.map((type) => ({ type, status: 'True', reason: 'Some', message: 'words' })) },
    }).pressures;
  expect(pressed('Ready', 'DiskPressure', 'NetworkUnavailable', 'EtcdIsVoter')).toEqual([
    { type: 'DiskPressure', reason: 'Some: words' },
    { type: 'NetworkUnavailable', reason: 'Some: words' },
  ]);
  expect(pressed('Ready')).toBeUndefined();
  const { status, spec, ...bare } = node;
  expect(observedNode(bare)).toMatchObject({ ready: false, machineId: '', addresses: [], cordoned: false });
});
