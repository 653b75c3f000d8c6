import { describe, expect, test } from '@jest/globals';
import { problemsOf } from '../../src/errors.ts';
import type { Facts, Inspection } from '../../src/host/engine.ts';
import { portsOfRole } from '../../src/layout/ports.ts';
import { checkHosts, problemsOfHost, warningsOf } from '../../src/phases/check-hosts.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';
import { errorOf, hostOf, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const seed = seedCluster();
const small = smallCluster();

const codesOf = (name: string, facts: Partial<Facts> = {}, parts: Partial<Inspection> = {}, cluster = seed) => {
  const host = hostOf(cluster, name);
  return problemsOfHost(cluster, host, inspectionOf(host, facts, parts)).map((problem) => problem.code);
};

test('Hosts that meet the requirements pass without a message', () => {
  expect(seed.hosts.flatMap(({ name }) => codesOf(name))).toEqual([]);
  expect(small.hosts.flatMap(({ name }) => codesOf(name, {}, {}, small))).toEqual([]);
});

describe('A host is refused, with its name and a hint, if', () => {
  const reasons: readonly (readonly [string, string, string, Partial<Facts>])[] = [
    ['it is no amd64 or arm64', 'HOST_ARCHITECTURE', 'node-1', { architecture: 'riscv64' }],
    ['its systemd is too old', 'HOST_SYSTEMD', 'etcd-1', { systemdVersion: 241 }],
    ['no interface has its address', 'HOST_ADDRESS', 'master-1', { addresses: [] }],
    ['its clock is behind', 'HOST_CLOCK', 'master-1', { clockSkewMs: -5_001 }],
    ['its clock is ahead', 'HOST_CLOCK', 'master-1', { clockSkewMs: 3_600_000 }],
    ['another Kubernetes is on it', 'HOST_FOREIGN', 'node-1', { foreign: ['k3s.service'] }],
    ['it runs cgroup v1', 'HOST_CGROUP', 'node-1', { cgroupVersion: 1 }],
    ['it has too little memory', 'HOST_MEMORY', 'master-1', { memoryMiB: 969 }],
    ['a disk is nearly full', 'HOST_DISK', 'etcd-1', { freeMiB: { '/usr/local/bin': 9_000, '/var/lib/etcd': 120 } }],
  ];
  test.each(reasons)('%s: %s', (_, code, name, facts) => {
    const host = hostOf(seed, name);
    const [problem, ...more] = problemsOfHost(seed, host, inspectionOf(host, facts));
    expect(more).toEqual([]);
    expect(problem?.fields).toMatchObject({ code, host: name, hint: expect.stringMatching(/\S/) });
  });
});

test('All problems of a host are reported at once', () => {
  const codes = codesOf('node-1', {
    architecture: 'i686',
    clockSkewMs: 60_000,
    memoryMiB: 256,
    foreign: ['rke2', 'k0s'],
  });
  expect(codes).toEqual(['HOST_ARCHITECTURE', 'HOST_CLOCK', 'HOST_FOREIGN', 'HOST_FOREIGN', 'HOST_MEMORY']);
});

test('A host with several roles needs the resources of all of them', () => {
  expect(codesOf('master-1', { memoryMiB: 3_400 }, {}, small)).toEqual(['HOST_MEMORY']);
  expect(codesOf('master-1', { memoryMiB: 3_400 }, {}, seed)).toEqual([]);
});

test('A host with the role installed needs space only for a change', () => {
  const room = (free: number) =>
    codesOf(
      'etcd-1',
      { freeMiB: { '/usr/local/bin': free, '/var/lib/k8s-ha-action': free, '/var/lib/etcd': free } },
      { scopes: ['etcd'] },
    );
  expect(room(600)).toEqual([]);
  expect(room(400)).toEqual(['HOST_DISK']);
});

test('cgroup v1 is accepted without a kubelet, or with one that is configured to accept it', () => {
  expect(codesOf('etcd-1', { cgroupVersion: 1 })).toEqual([]);
  const reported = { ...seed, kubelet: { ...seed.kubelet, config: { failCgroupV1: false } } };
  expect(codesOf('node-1', { cgroupVersion: 1 }, {}, reported)).toEqual([]);
  expect(codesOf('node-1', { cgroupVersion: 1 }, {}, { ...seed, minor: 34 })).toEqual([]);
});

describe('A port that a role needs', () => {
  const listening = [{ port: 6443, address: '*', unit: 'nginx.service' }];
  const metrics = expect.objectContaining({ port: 4443, protocol: 'tcp', from: 'hosts' });

  test('is taken if another program listens there, which is named', () => {
    const host = hostOf(seed, 'master-1');
    const [problem] = problemsOfHost(seed, host, inspectionOf(host, { listening }));
    expect(problem?.code).toBe('HOST_PORT_TAKEN');
    expect(problem?.message).toBe('port 6443 is taken by nginx.service (on *)');
  });

  test('is another one with UDP than with TCP', () => {
    const vxlan = { port: 8472, address: '0.0.0.0', unit: '', protocol: 'udp' } as const;
    expect(codesOf('node-1', { listening: [vxlan] })).toEqual(['HOST_PORT_TAKEN']);
    expect(codesOf('node-1', { listening: [{ ...vxlan, port: 10250 }] })).toEqual([]);
    const routed = { ...seed, flannel: { ...seed.flannel, backend: 'host-gw' as const } };
    expect(codesOf('node-1', { listening: [vxlan] }, {}, routed)).toEqual([]);
  });

  test('is our own if that role was applied before, and does not matter to other roles', () => {
    expect(codesOf('master-1', { listening }, { scopes: ['master'] })).toEqual([]);
    expect(codesOf('node-1', { listening })).toEqual([]);
  });

  test('follows cluster.yaml', () => {
    const moved = { ...seed, api: { ...seed.api, port: 8443 } };
    expect(codesOf('master-1', { listening }, {}, moved)).toEqual([]);
    expect(portsOfRole(moved, 'master')).toContainEqual(
      expect.objectContaining({ port: 8443, protocol: 'tcp', from: 'hosts' }),
    );
    // metrics-server uses the network of any node, unless it is disabled.
    expect(portsOfRole(moved, 'node')).toContainEqual(metrics);
    const without = { ...moved, addons: { ...moved.addons, metricsServer: false } };
    expect(portsOfRole(without, 'node')).not.toContainEqual(metrics);
  });
});

describe('The phase', () => {
  const inspected = (parts: (name: string) => Partial<Facts> = () => ({}), cluster = seed) => {
    const scene = sceneOf(cluster);
    for (const host of cluster.hosts) scene.run.inspections.set(host.name, inspectionOf(host, parts(host.name)));
    return scene;
  };
  const codes = (error: unknown) =>
    problemsOf(error).map((problem) => (problem instanceof Error && 'code' in problem ? problem.code : problem));

  test('reports every unfit host, not only the first', async () => {
    const { run } = inspected((name) => (name.startsWith('master') ? { clockSkewMs: 9_000 } : {}));
    expect(codes(await errorOf(() => checkHosts.run(run, notCancelled)))).toEqual([
      'HOST_CLOCK',
      'HOST_CLOCK',
      'HOST_CLOCK',
    ]);
  });

  test('finds clones by their machine-id', async () => {
    const { run } = inspected((name) => (name.startsWith('etcd') ? { machineId: 'c10e'.repeat(8) } : {}));
    const error = await errorOf(() => checkHosts.run(run, notCancelled));
    expect(codes(error)).toEqual(['HOST_CLONE', 'HOST_CLONE']);
    expect(String(problemsOf(error)[0])).toContain('etcd-1');
  });

  const unnamed = { ...seed, hosts: seed.hosts.map(({ hostname: _, ...host }) => host) };

  test.each([
    ['of one template', 'template', ['HOST_NAME', 'HOST_NAME'], /its host name template is that of master-1 too/],
    ['called localhost', 'localhost.localdomain', Array<string>(5).fill('HOST_NAME'), /localhost/],
  ])('refuses masters %s, whose leases no one can distinguish', async (_, hostname, expected, words) => {
    const { run } = inspected(() => ({ hostname }), unnamed);
    const error = await errorOf(() => checkHosts.run(run, notCancelled));
    expect(codes(error)).toEqual(expected);
    expect(String(problemsOf(error)[0])).toMatch(words);
    // With names in cluster.yaml each gets its own.
    const hosts = seed.hosts.map((host) => ({ ...host, hostname: host.name }));
    await checkHosts.run(inspected(() => ({ hostname }), { ...seed, hosts }).run, notCancelled);
  });

  test('does not mind hosts of one name that are no masters', async () => {
    const { run } = inspected((name) => (name.startsWith('master') ? {} : { hostname: 'localhost' }), unnamed);
    await checkHosts.run(run, notCancelled);
  });

  test('treats hosts without a machine-id as different', async () => {
    const { run } = inspected(() => ({ machineId: '' }));
    await checkHosts.run(run, notCancelled);
  });

  test('warns of firewalls with the ports to open, and continues', async () => {
    const { run, log } = inspected((name) => (name === 'node-1' ? { firewalls: ['ufw'], selinux: 'enforcing' } : {}));
    await checkHosts.run(run, notCancelled);
    expect(log.lines).toEqual([
      expect.stringMatching(/^warning: node-1: ufw is active; .*10250.*UDP 8472/),
      expect.stringMatching(/^warning: node-1: SELinux/),
    ]);
  });
});

test('A host without a firewall and with SELinux off is not warned about', () => {
  const host = hostOf(seed, 'node-1');
  expect(warningsOf(seed, host, inspectionOf(host))).toEqual([]);
});
