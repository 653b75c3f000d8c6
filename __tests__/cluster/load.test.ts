import { expect, test } from '@jest/globals';
import { etcdEndpoints, hostsWith } from '../../src/cluster/cluster.ts';
import { parseCluster } from '../../src/cluster/load.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';

const smallest = 'name: lab\nhosts:\n  - { name: a, address: 10.0.0.1, roles: [etcd, master, node] }\n';
const parse = (text: string) => parseCluster(text, 'cluster.yaml');
const one = 'hosts: [{ name: a, address: 10.0.0.1, roles: [etcd, master, node] }]';

test.each(['ops', 'svc@corp.example', String.raw`CORP\svc`, 'svc$', 'a.b-c'])(
  '%s can be the user on the hosts',
  (user) => {
    expect(parse(`name: x\nssh: { user: '${user}' }\n${one}`).hosts[0]?.ssh.user).toBe(user);
  },
);

test.each(['ops;id', '-ops', 'a b', '$x', 'a@b@c', String.raw`a\b\c`, 'a/b', "a'b"])('%s cannot', (user) => {
  expect(() => parse(`name: x\nssh: { user: ${JSON.stringify(user)} }\n${one}`)).toThrow();
});

test('the seed’s cluster has the addresses of the post', () => {
  const cluster = seedCluster();
  expect(cluster).toMatchObject({ minor: 37, serviceAddress: '10.254.0.1', dnsAddress: '10.254.0.2' });
  expect(hostsWith(cluster, 'master').map(({ address }) => address)).toEqual([
    '192.168.1.153',
    '192.168.1.154',
    '192.168.1.155',
  ]);
  expect(etcdEndpoints(cluster)).toEqual([
    'https://192.168.1.157:2379',
    'https://192.168.1.158:2379',
    'https://192.168.1.159:2379',
  ]);
  expect(cluster.hosts.map(({ nodeName }) => nodeName)).toContain('192-168-1-153.master');
});

test('a host without a hostname uses its name as the node’s, and its own SSH values take precedence', () => {
  const [first, , , , last] = smallCluster().hosts;
  expect(first).toEqual({
    name: 'master-1',
    address: '192.168.1.11',
    roles: ['etcd', 'master', 'node'],
    nodeName: 'master-1',
    ssh: { address: '192.168.1.11', user: 'root', port: 22, loginSeconds: 60 },
    labels: {},
    taints: [],
  });
  expect(last).toMatchObject({ nodeName: 'node-2', ssh: { user: 'ops', port: 22 }, labels: { disk: 'ssd' } });
});

test('a host without SSH values gets the cluster’s', () => {
  const [host] = parse(
    `ssh: { user: ops, port: 2222, loginSeconds: 90, jumpHost: { address: bastion.lab } }\n${smallest}`,
  ).hosts;
  expect(host?.ssh).toEqual({
    address: '10.0.0.1',
    user: 'ops',
    port: 2222,
    loginSeconds: 90,
    jumpHost: { address: 'bastion.lab', port: 22, user: 'root' },
  });
});

test('a byte order mark, CRLF or JSON give the same cluster', () => {
  const plain = parse(smallest);
  expect(parse(`\uFEFF${smallest}`)).toEqual(plain);
  expect(parse(smallest.replaceAll('\n', '\r\n'))).toEqual(plain);
  const json = { name: 'lab', hosts: [{ name: 'a', address: '10.0.0.1', roles: ['etcd', 'master', 'node'] }] };
  expect(parse(JSON.stringify(json, null, 2))).toEqual(plain);
});

test('a byte order mark moves no column', () => {
  expect(() => parse(`\uFEFFnames: lab\n${smallest}`)).toThrow(
    expect.objectContaining({
      errors: [expect.objectContaining({ fields: expect.objectContaining({ line: 1, column: 1 }) })],
    }),
  );
});

test('a v before a version and a slash after a URL are ignored', () => {
  const cluster = parse(
    `kubernetesVersion: v1.36.3\nmirror: https://mirror.lab/files/\ncontainerd: { registries: { docker.io: { mirrors: ["http://mirror.lab:5000/"] } } }\n${smallest}`,
  );
  expect(cluster).toMatchObject({ kubernetesVersion: '1.36.3', minor: 36, mirror: 'https://mirror.lab/files' });
  expect(cluster.containerd.registries).toEqual({
    'docker.io': { mirrors: ['http://mirror.lab:5000'], skipVerify: false },
  });
});

test('aliases may repeat values, also for a thousand hosts', () => {
  const hosts = Array.from(
    { length: 1000 },
    (_, index) =>
      `  - { name: n${index}, address: 10.1.${index >> 8}.${index & 255}, roles: [node], labels: *common }\n`,
  );
  const text = `${smallest.trimEnd().replace(/ }$/, ', labels: &common { rack: r1, disk: ssd } }')}\n${hosts.join('')}network: { podSubnet: 10.32.0.0/11 }\n`;
  const cluster = parse(text);
  expect(cluster.hosts).toHaveLength(1001);
  expect(cluster.hosts.at(-1)?.labels).toEqual({ rack: 'r1', disk: 'ssd' });
});

test('allowed values that look similar to refused ones', () => {
  const cluster = parse(`
name: lab
network: { plugin: none, podSubnet: 10.244.0.0/22, nodeCidrMaskSize: 24, serviceNodePortRange: 30000-50000 }
api: { certSANs: [api.example.com, "*.example.com", 192.168.1.100, "fd00::1"] }
apiServer: { extraArgs: [{ name: enable-admission-plugins, value: "NodeRestriction,AlwaysPullImages" }, { name: v, value: "2" }] }
scheduler: { extraArgs: [{ name: leader-elect-lease-duration, value: 5s }, { name: leader-elect-renew-deadline, value: 3s }, { name: leader-elect-retry-period, value: 1s }] }
addons: { coredns: false, metricsServer: false, manifests: [manifests/..data.yaml] }
hosts:
  - { name: abcdef.longdomainnamexx, address: 10.0.0.1, roles: [etcd, master] }
  - { name: b, address: 10.0.0.2, roles: [node], ssh: { address: gate.example.com, port: 2202 }, labels: { topology.kubernetes.io/zone: z1 } }
  - { name: c, address: 10.0.0.3, roles: [node], ssh: { address: gate.example.com, port: 2203 }, taints: [{ key: dedicated, effect: NoSchedule }] }
`);
  expect(cluster.hosts.map(({ name }) => name)).toEqual(['abcdef.longdomainnamexx', 'b', 'c']);
});
