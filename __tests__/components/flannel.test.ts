import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { flannelConflistScript } from '../../src/components/networks/flannel-conflist.ts';
import { smallCluster } from '../fixtures/clusters.ts';
import { fileOf, flag, seedWith, state, unitOf } from './support.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flannel-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The configuration that the script makes from a subnet file. */
function conflist(cluster: Cluster, ...lines: readonly string[]): unknown {
  writeFileSync(join(folder, 'subnet.env'), lines.map((line) => `${line}\n`).join(''));
  const script = flannelConflistScript(cluster).replaceAll('/run/flannel', folder).replaceAll('/etc/cni/net.d', folder);
  execFileSync('sh', ['-c', script]);
  return JSON.parse(readFileSync(join(folder, '10-flannel.conflist'), 'utf8'));
}

test('the bridge gets the node’s subnet and MTU', () => {
  const made = conflist(
    smallCluster(),
    'FLANNEL_NETWORK=10.244.0.0/16',
    'FLANNEL_SUBNET=10.244.3.1/24',
    'FLANNEL_MTU=1450',
    'FLANNEL_IPMASQ=true',
  );
  expect(made).toMatchObject({
    plugins: [
      {
        type: 'bridge',
        mtu: 1450,
        hairpinMode: true,
        isDefaultGateway: true,
        ipMasq: false,
        ipam: { type: 'host-local', ranges: [[{ subnet: '10.244.3.0/24' }]] },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  });
});

test('a subnet that doesn’t begin at 0 keeps its first address', () => {
  const made = conflist(smallCluster(), 'FLANNEL_SUBNET=172.30.3.65/26', 'FLANNEL_MTU=1450');
  expect(made).toMatchObject({ plugins: [{ ipam: { ranges: [[{ subnet: '172.30.3.64/26' }]] } }, {}] });
});

test('two families become two ranges', () => {
  const made = conflist(
    smallCluster(),
    'FLANNEL_SUBNET=10.244.3.1/24',
    'FLANNEL_IPV6_SUBNET=fd00:10:244:3::1/64',
    'FLANNEL_MTU=1450',
  );
  expect(made).toMatchObject({
    plugins: [{ ipam: { ranges: [[{ subnet: '10.244.3.0/24' }], [{ subnet: 'fd00:10:244:3::/64' }]] } }, {}],
  });
});

test('only root can read the configuration (CIS 1.1.9 and 1.1.10), and no other file is left behind', () => {
  conflist(smallCluster(), 'FLANNEL_SUBNET=10.244.3.1/24', 'FLANNEL_MTU=1450');
  expect(statSync(join(folder, '10-flannel.conflist')).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).toSorted()).toEqual(['10-flannel.conflist', 'subnet.env']);
});

test('with nftables no component writes iptables rules', () => {
  const cluster = seedWith('kubeProxy: { mode: nftables }');
  const node = state(cluster, 'node-1', 'node');
  expect(JSON.parse(fileOf(node, '/etc/kube-flannel/net-conf.json')).EnableNFTables).toBe(true);
  expect(node.packages.map(({ command }) => command)).toEqual(expect.arrayContaining(['nft', 'haproxy']));
  expect(conflist(cluster, 'FLANNEL_SUBNET=10.244.3.1/24', 'FLANNEL_MTU=1450')).toMatchObject({
    plugins: [{}, { type: 'portmap', backend: 'nftables' }],
  });
});

test('flannel authenticates as its node, and uses the interface that the others reach', () => {
  const unit = unitOf(state(seedWith(), 'node-1', 'node'), 'flanneld');
  expect(flag(unit, 'kubeconfig-file')).toBe('/etc/kubernetes/kubelet.conf');
  expect(flag(unit, 'iface')).toBe('192.168.1.156');
  expect(unit.content).toContain('Environment=NODE_NAME=192-168-1-156.node\n');
});

test('a node has no network before flannel has made one, so it is not Ready too early', () => {
  const node = state(seedWith(), 'node-1', 'node');
  expect(node.files.filter(({ path }) => path.startsWith('/etc/cni/'))).toEqual([]);
});

test('without flannel its network and its unit are removed', () => {
  const node = state(seedWith('network: { plugin: none }'), 'node-1', 'node');
  expect(node.absent).toContain('/etc/cni/net.d/10-flannel.conflist');
  // flannel's own manifest, as a user's, writes a file of that name: it stays where ours never ran.
  expect(node.writers).toEqual({ '/etc/cni/net.d/10-flannel.conflist': '/etc/kube-flannel/write-conflist' });
  expect(node.units.map(({ name }) => name)).not.toContain('flanneld.service');
});
