import { expect, test } from '@jest/globals';
import { hostsWith } from '../../src/cluster/cluster.ts';
import { parseCluster } from '../../src/cluster/load.ts';
import { problemsOf } from '../../src/errors.ts';

const fileOf = (...lines: string[]) => `name: tiny\nhosts:\n${lines.map((line) => `  - { ${line} }`).join('\n')}\n`;
const one = 'name: one, address: 192.168.1.11, roles: [etcd, master, node]';
const two = 'name: two, address: 192.168.1.12, roles: [node], state: removed';

test('A host with state: removed is none of the cluster’s hosts, and is listed by itself', () => {
  const cluster = parseCluster(fileOf(one, two), 'cluster.yaml');
  expect(cluster.hosts.map(({ name }) => name)).toEqual(['one']);
  expect(cluster.removed.map(({ name }) => name)).toEqual(['two']);
  expect(hostsWith(cluster, 'node')).toHaveLength(1);
});

test.each([
  ['CLUSTER_NO_ETCD', [`${one}, state: removed`, 'name: two, address: 192.168.1.12, roles: [master, node]']],
  ['CLUSTER_NO_MASTER', [`${one}, state: removed`, 'name: two, address: 192.168.1.12, roles: [etcd, node]']],
  ['CLUSTER_NO_NODE', ['name: one, address: 192.168.1.11, roles: [etcd, master]', two]],
])('The last host of a role can’t be removed: %s', (code, lines) => {
  expect(codesOf(fileOf(...lines))).toEqual([code]);
});

test('The last node can’t be removed, also when no add-on needs one', () => {
  const addons = 'addons: { coredns: false, metricsServer: false }\n';
  expect(codesOf(`${addons}${fileOf('name: one, address: 192.168.1.11, roles: [etcd, master]', two)}`)).toEqual([
    'CLUSTER_NO_NODE',
  ]);
});

test('The address of a host that is to be removed can’t be another host’s in the same change', () => {
  const text = fileOf(one, two, 'name: three, address: 192.168.1.12, roles: [node]');
  expect(codesOf(text)).toEqual(['CLUSTER_DUPLICATE']);
  expect(problemsIn(text)).toMatchObject([{ fields: { hint: expect.stringContaining('Let two leave first.') } }]);
});

test('Versions that the file names are pinned, defaults are not', () => {
  const { pinned } = parseCluster(`kubernetesVersion: 1.37.2\nversions: { etcd: 3.7.3 }\n${fileOf(one)}`, 'c.yaml');
  expect([...pinned]).toEqual(['kubernetes', 'etcd']);
  expect(parseCluster(fileOf(one), 'c.yaml').pinned.size).toBe(0);
});

const codesOf = (text: string) => problemsIn(text).map((problem) => (problem as { code?: unknown }).code);

function problemsIn(text: string): readonly unknown[] {
  try {
    parseCluster(text, 'cluster.yaml');
    return [];
  } catch (error) {
    return problemsOf(error);
  }
}
