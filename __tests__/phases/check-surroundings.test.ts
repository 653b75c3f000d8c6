import { expect, test } from '@jest/globals';
import { podResolver } from '../../src/components/resolver.ts';
import { parseChains } from '../../src/host/beside.ts';
import type { Facts, Inspection } from '../../src/host/engine.ts';
import { problemsOfHost, warningsOf } from '../../src/phases/check-hosts.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { besideOf, factsOf, hostOf, inspectionOf } from './scene.ts';

const seed = seedCluster();

function look(name: string, facts: Partial<Facts>, parts: Partial<Inspection> = {}, cluster = seed) {
  const host = hostOf(cluster, name);
  const inspection = inspectionOf(host, facts, parts);
  const problems = problemsOfHost(cluster, host, inspection).map(({ code, fields }) => [code, fields.hint ?? '']);
  return { problems, warnings: warningsOf(cluster, host, inspection) };
}

const resolved = '/run/systemd/resolve/resolv.conf';
const manager = '/run/NetworkManager/no-stub-resolv.conf';
const files = (texts: Readonly<Record<string, string>>) =>
  besideOf(
    ...Object.entries(texts).flatMap(([file, servers]) => [
      `resolver ${file}`,
      ...servers.split(' ').flatMap((server) => (server === '' ? [] : [`resolver ${file} ${server}`])),
    ]),
  );

test.each<[what: string, Readonly<Record<string, string>>, runs: boolean, config: string | undefined]>([
  ['the host’s own file with real servers', { '/etc/resolv.conf': '10.0.0.2' }, false, undefined],
  [
    'the file of systemd-resolved behind its stub',
    { '/etc/resolv.conf': '127.0.0.53', [resolved]: '10.0.0.2' },
    true,
    resolved,
  ],
  [
    'the host’s own file if systemd-resolved has no servers',
    { '/etc/resolv.conf': '10.0.0.2', [resolved]: '' },
    true,
    undefined,
  ],
  [
    'the file of NetworkManager behind its dnsmasq',
    { '/etc/resolv.conf': '127.0.0.1', [manager]: '10.0.0.2' },
    false,
    manager,
  ],
  ['as ever where the host said nothing', {}, true, resolved],
])('pods get %s', (_, texts, runs, config) => {
  const beside = files(texts);
  expect(podResolver(seed, beside.resolvers, runs).config).toBe(config);
  expect(look('node-1', { beside, resolvedRuns: runs }).problems).toEqual([]);
});

test.each<[what: string, Readonly<Record<string, string>>, runs: boolean, hint: RegExp]>([
  ['dnsmasq on the loopback', { '/etc/resolv.conf': '127.0.0.1' }, false, /kubelet\.config\.resolvConf/],
  ['a loopback server among others', { '/etc/resolv.conf': '10.0.0.2 ::1' }, false, /kubelet\.config\.resolvConf/],
  ['a server on every address', { '/etc/resolv.conf': '::' }, false, /kubelet\.config\.resolvConf/],
  ['a server of its own link', { '/etc/resolv.conf': 'fe80::1%eth0' }, false, /kubelet\.config\.resolvConf/],
  ['the loopback as an address of IPv6', { '/etc/resolv.conf': '::ffff:127.0.0.1' }, false, /resolvConf/],
  ['no server at all', { '/etc/resolv.conf': '' }, false, /kubelet\.config\.resolvConf/],
  ['systemd-resolved without servers', { '/etc/resolv.conf': '127.0.0.53', [resolved]: '' }, true, /DNS= in/],
])('a node with %s is refused', (_, texts, runs, hint) => {
  const facts = { beside: files(texts), resolvedRuns: runs };
  expect(look('node-1', facts).problems).toEqual([['HOST_RESOLVER', expect.stringMatching(hint)]]);
  expect(look('etcd-1', facts).problems).toEqual([]);
  // It is only reported for a node that is in place, and left to a cluster with a DNS of its own.
  const placed = look('node-1', facts, { scopes: ['node'] });
  expect(placed.problems).toEqual([]);
  expect(placed.warnings).toEqual([expect.stringMatching(/CoreDNS/)]);
  const own = { ...seed, addons: { ...seed.addons, coredns: false } };
  expect(look('node-1', facts, {}, own).problems).toEqual([]);
});

test('the user’s own file of name servers is the one that counts', () => {
  const cluster = { ...seed, kubelet: { ...seed.kubelet, config: { resolvConf: '/etc/pods.conf' } } };
  const beside = files({ '/etc/pods.conf': '10.0.0.2' });
  expect(podResolver(cluster, beside.resolvers, true)).toEqual({ file: '/etc/pods.conf', servers: ['10.0.0.2'] });
  expect(look('node-1', { beside: files({ '/etc/pods.conf': '127.0.0.1' }) }, {}, cluster).problems).toHaveLength(1);
});

test('a CNI configuration that containerd would take before ours is refused with the command', () => {
  const beside = besideOf(
    'left /etc/cni/net.d/05-cilium.conflist',
    'left /etc/cni/net.d/10-flannel.conflist',
    'left /etc/cni/net.d/99-loopback.conf',
    'left /etc/cni/net.d/05-notes.txt',
    'left /var/lib/cni/networks/cbr0',
  );
  const { problems, warnings } = look('node-1', { beside });
  expect(problems).toEqual([['HOST_LEFTOVER', "On the host, as root: rm '/etc/cni/net.d/05-cilium.conflist'"]]);
  expect(warnings).toEqual([expect.stringMatching(/rm -rf '\/var\/lib\/cni\/networks\/cbr0'$/)]);
  const own = { ...seed, network: { ...seed.network, plugin: 'none' } } as const;
  expect(look('node-1', { beside }, {}, own).problems).toEqual([]);
  // Such as multus, which an administrator adds to a running cluster.
  expect(look('node-1', { beside }, { scopes: ['node'] }).problems).toEqual([]);
});

test('an address of another card within the cluster’s subnets is refused, a network around them is reported', () => {
  const host = hostOf(seed, 'node-1');
  const withCard = (name: string, address: string, prefix: number) => ({
    addresses: [...factsOf(host).addresses, { interface: name, address, prefix }],
  });
  expect(look('node-1', withCard('docker0', '172.30.0.1', 16)).problems).toEqual([
    ['HOST_SUBNET', expect.stringMatching(/daemon\.json/)],
  ]);
  expect(look('node-1', withCard('cni0', '172.30.3.1', 24)).problems).toEqual([
    ['HOST_SUBNET', expect.stringMatching(/ip link delete cni0$/)],
  ]);
  expect(look('node-1', withCard('eth1', '172.16.2.3', 12)).warnings).toEqual([
    expect.stringMatching(/eth1, 172\.16\.2\.3\/12/),
  ]);
  // Ours, once the node is in place.
  expect(look('node-1', withCard('cni0', '172.30.3.1', 24), { scopes: ['node'] })).toEqual({
    problems: [],
    warnings: [],
  });
  expect(look('node-1', withCard('docker0', '172.30.0.1', 16), { scopes: ['node'] }).warnings).toEqual([
    expect.stringMatching(/daemon\.json/),
  ]);
  expect(look('node-1', withCard('docker0', '172.17.0.1', 16))).toEqual({ problems: [], warnings: [] });
});

test('SELinux is refused where it keeps haproxy from connecting', () => {
  const facts = (value: string) => ({ selinux: 'enforcing', beside: besideOf(`boolean ${value}`) }) as const;
  expect(look('node-1', facts('0')).problems).toEqual([['HOST_SELINUX', expect.stringMatching(/setsebool/)]]);
  expect(look('node-1', facts('1')).problems).toEqual([]);
  expect(look('node-1', { ...facts('0'), selinux: 'permissive' }).problems).toEqual([]);
  expect(look('node-1', { selinux: 'enforcing' }).problems).toEqual([]);
  // A master has a balancer of etcd, unless there is one member only.
  expect(look('master-1', facts('0')).problems).toEqual([['HOST_SELINUX', expect.stringMatching(/setsebool/)]]);
  const placed = look('master-1', facts('0'), { scopes: ['master'] });
  expect([placed.problems, placed.warnings[0]]).toEqual([
    [],
    expect.stringMatching(/^master-1: SELinux is enforcing and/),
  ]);
  const single = { ...seed, hosts: seed.hosts.filter(({ name }) => !/^etcd-[23]/.test(name)) };
  expect(look('master-1', facts('0'), {}, single).problems).toEqual([]);
  expect(look('etcd-1', facts('0')).problems).toEqual([]);
});

test('data in memory or on a network file system is refused before the first deployment', () => {
  const beside = besideOf(
    'volatile /var/lib/kubelet /var/lib',
    'volatile /usr/local/bin /usr/local',
    'network /var/lib/containerd /data',
    'network /var/lib/kubelet /data',
  );
  const { problems } = look('node-1', { beside });
  expect(problems).toEqual([
    ['HOST_MOUNT', 'Put /var/lib/kubelet on a file system of a local disk.'],
    ['HOST_MOUNT', 'Put /var/lib/containerd on a file system of a local disk.'],
  ]);
  expect(look('etcd-1', { beside: besideOf('volatile /var/lib/etcd /var/lib/etcd') }).problems).toHaveLength(1);
  const placed = look('node-1', { beside }, { scopes: ['node'] });
  expect([placed.problems, placed.warnings.length]).toEqual([[], 2]);
});

test('ports that the host’s own connections may take are reported, unless the kernel leaves them out', () => {
  const range = (first: number, ...reserved: readonly (readonly [number, number])[]) => ({
    localPorts: { first, last: 65_000, reserved },
  });
  expect(look('etcd-1', range(1024)).warnings).toEqual([
    expect.stringMatching(/from 1024 to 65000 .* 2379, 2380, 2381, 2382 of this cluster; .*ip_local_reserved_ports$/),
  ]);
  expect(look('etcd-1', range(1024, [2000, 2400])).warnings).toEqual([]);
  expect(look('etcd-1', range(32_768)).warnings).toEqual([]);
});

test('what changes the routes of pods, and what else uses containerd, is reported', () => {
  const beside = besideOf('service nm-cloud-setup.timer', 'service docker.service');
  expect(look('node-1', { beside }).warnings).toEqual([
    expect.stringMatching(/systemctl disable nm-cloud-setup\.service nm-cloud-setup\.timer/),
    expect.stringMatching(/Docker uses the containerd/),
  ]);
  expect(look('node-1', { beside }, { scopes: ['node'] }).warnings).toHaveLength(1);
  expect(look('etcd-1', { beside }).warnings).toEqual([]);
});

test('a firewall of bare nftables or iptables is reported with the ports and the rule', () => {
  const chains = parseChains([
    'table inet filter {',
    '	chain input {',
    '		type filter hook input priority filter; policy drop;',
    '	}',
    '	chain forward {',
    '		type filter hook forward priority filter; policy drop;',
    '	}',
    '}',
    '-P FORWARD DROP',
    '-P INPUT ACCEPT',
  ]);
  const beside = { ...besideOf(), chains };
  const { warnings } = look('node-1', { beside });
  expect(warnings).toEqual([
    expect.stringMatching(
      /inet filter input drops.* TCP ports 4443, 10250, 10256 and UDP 8472.* nft insert rule inet filter input ip saddr ADDRESS accept$/,
    ),
    expect.stringMatching(/inet filter forward drops.*172\.30\.0\.0\/16/),
  ]);
  expect(look('etcd-1', { beside }).warnings).toEqual([expect.stringMatching(/TCP ports 2379, 2380, 2382, such/)]);
  // No other host needs a port of the only one.
  const alone = { ...seed, hosts: [hostOf(seed, 'node-1')] };
  expect(look('node-1', { beside }, {}, alone).warnings).toEqual([expect.stringMatching(/inet filter forward drops/)]);
  // Its own rules are in such chains.
  expect(look('node-1', { beside, firewalls: ['ufw'] }).warnings).toEqual([
    expect.stringMatching(/^node-1: ufw is active/),
  ]);
});
