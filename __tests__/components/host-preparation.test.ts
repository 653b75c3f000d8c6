import { expect, test } from '@jest/globals';
import { hostPreparation } from '../../src/components/host-preparation.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';
import { hostNamed, seedWith } from './support.ts';

test('every host has the names of all others: the node’s and the one in the file', () => {
  const seed = seedCluster();
  const { hostEntries, hostname } = hostPreparation(seed, hostNamed(seed, 'etcd-1'), 'etcd');
  expect(hostEntries).toHaveLength(7);
  expect(hostEntries[0]).toEqual({ address: '192.168.1.153', names: ['192-168-1-153.master', 'master-1'] });
  expect(hostname).toBe('192-168-1-157.etcd');
});

test('a host keeps its name by default', () => {
  const small = smallCluster();
  const given = hostPreparation(small, hostNamed(small, 'node-1'), 'node');
  expect(given).not.toHaveProperty('hostname');
  expect(given.hostEntries).toContainEqual({ address: '192.168.1.21', names: ['node-1'] });
});

test('only on nodes swap is turned off and the kernel is set up for pods', () => {
  const seed = seedCluster();
  const etcd = hostPreparation(seed, hostNamed(seed, 'etcd-1'), 'etcd');
  const node = hostPreparation(seed, hostNamed(seed, 'node-1'), 'node');
  expect([etcd.swapOff, etcd.modules, Object.keys(etcd.sysctls).some((name) => name.startsWith('net.'))]).toEqual([
    false,
    [],
    false,
  ]);
  expect(node.swapOff).toBe(true);
  expect(node.modules.map(({ name }) => name)).toEqual(['overlay', 'br_netfilter', 'nf_conntrack', 'vxlan']);
  expect(node.sysctls).toMatchObject({ 'net.ipv4.ip_forward': '1', 'vm.overcommit_memory': '1', 'kernel.panic': '10' });
});

test('what downloads and their archives need is installed first, and what loads modules on nodes', () => {
  const seed = seedCluster();
  const of = (name: string, role: 'etcd' | 'node') => hostPreparation(seed, hostNamed(seed, name), role).packages;
  const first = of('node-1', 'node').filter(({ forDownloads }) => forDownloads);
  expect(first.map(({ command, instead = [] }) => [command, ...instead].join(' or '))).toEqual([
    'curl or wget',
    'update-ca-certificates or update-ca-trust',
    'tar',
    'gzip',
  ]);
  for (const { apt, dnf, zypper } of first) expect([dnf, zypper]).toEqual([apt, apt]);
  expect(of('node-1', 'node').map(({ command }) => command)).toContain('modprobe');
  expect(of('etcd-1', 'etcd').map(({ command }) => command)).not.toContain('modprobe');
});

test('vxlan is loaded only where it is used', () => {
  const cluster = seedWith('flannel: { backend: host-gw }');
  const { modules } = hostPreparation(cluster, hostNamed(cluster, 'node-1'), 'node');
  expect(modules.map(({ name }) => name)).not.toContain('vxlan');
});
