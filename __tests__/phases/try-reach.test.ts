import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { inputOf, reachCommand, reachTargets, unreached } from '../../src/phases/try-reach.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';
import { hostOf } from './scene.ts';

const seed = seedCluster();
const small = smallCluster();
const bare = (cluster: typeof seed) => new Map(cluster.hosts.map(({ name }) => [name, { scopes: [] as string[] }]));
const applied = (cluster: typeof seed) => new Map(cluster.hosts.map(({ name, roles }) => [name, { scopes: roles }]));

/** `host port` of each target. */
function targets(name: string, inspections: Parameters<typeof reachTargets>[2], cluster = seed): readonly string[] {
  return reachTargets(cluster, hostOf(cluster, name), inspections).map(({ host, port }) => `${host} ${port}`);
}

test('each host tries the ports that its own roles need', () => {
  expect(targets('etcd-1', bare(seed)).filter((target) => target.startsWith('etcd'))).toEqual(
    ['etcd-2', 'etcd-3'].flatMap((host) => [`${host} 2379`, `${host} 2380`]),
  );
  expect(targets('etcd-1', bare(seed)).some((target) => /master|node/.test(target))).toBe(false);
  expect(targets('node-1', bare(seed))).toEqual(['master-1 6443', 'master-2 6443', 'master-3 6443']);
  const ofMaster = targets('master-1', bare(seed));
  expect(ofMaster).toEqual(
    expect.arrayContaining(['etcd-1 2379', 'etcd-1 2382', 'master-2 6443', 'node-1 10250', 'node-1 4443']),
  );
  expect(ofMaster).not.toContain('etcd-1 2380');
});

test('a cluster that is in place tries nothing, a new host and those that it needs or that need it do', () => {
  expect(seed.hosts.flatMap(({ name }) => targets(name, applied(seed)))).toEqual([]);
  const grown = new Map([...applied(seed), ['node-1', { scopes: [] }]]);
  expect(targets('node-1', grown)).toEqual(['master-1 6443', 'master-2 6443', 'master-3 6443']);
  expect(targets('master-1', grown)).toEqual(['node-1 4443', 'node-1 10250']);
  expect(targets('etcd-1', grown)).toEqual([]);
});

test('a job of one host tries nothing, for it does not know whether the others are up', () => {
  expect(targets('node-1', new Map([['node-1', { scopes: [] }]]))).toEqual([]);
  expect(targets('master-1', bare(small), small).length).toBeGreaterThan(0);
});

test('in a cluster of 1,000 hosts each tries no more ports than its files allow, and another part of them', () => {
  const node = hostOf(seed, 'node-1');
  const nodes = Array.from({ length: 1000 }, (_, index) => ({ ...node, name: `node-${index + 1}` }));
  const large = { ...seed, hosts: [...seed.hosts.filter(({ name }) => name !== 'node-1'), ...nodes] };
  const parts = ['master-1', 'master-2'].map((name) => targets(name, bare(large), large));
  expect(parts.map((part) => new Set(part).size)).toEqual([200, 200]);
  expect(parts[0]?.filter((target) => parts[1]?.includes(target))).toEqual([]);
  const all = Array.from({ length: 200 }, () => ({ host: 'other', address: '127.0.0.1', port: 1 }));
  const command = `ulimit -S -n 1024; ${reachCommand}`;
  const { stdout } = spawnSync('sh', ['-c', command], { input: inputOf(all), encoding: 'utf8' });
  expect(stdout.split('\n').filter((line) => line.includes('Connection refused'))).toHaveLength(200);
});

test('an open and a closed port are reached, and bash says so in one command', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const { port: free } = closed.address() as { port: number };
  await new Promise((resolve) => closed.close(resolve));
  const all = [port, free].map((each) => ({ host: 'other', address: '127.0.0.1', port: each }));
  const { stdout, status } = spawnSync('sh', ['-c', reachCommand], { input: inputOf(all), encoding: 'utf8' });
  server.close();
  expect(status).toBe(0);
  expect(stdout).toMatch(/^1 open\n2 .*Connection refused\n$/);
  expect(unreached(hostOf(seed, 'node-1'), all, stdout)).toEqual([]);
});

test('what gives no answer and what is rejected is reported for each host, what says nothing is not', () => {
  const all = [
    { host: 'master-1', address: '10.0.0.1', port: 6443 },
    { host: 'node-1', address: '10.0.0.2', port: 10250 },
    { host: 'node-1', address: '10.0.0.2', port: 4443 },
    { host: 'node-2', address: '10.0.0.3', port: 10250 },
    { host: 'node-3', address: '10.0.0.4', port: 10250 },
  ];
  const said = [
    '1 ',
    '2 bash: line 6: /dev/tcp/10.0.0.2/10250: No route to host',
    '3 ',
    '4 bash: /dev/tcp: No such file or directory',
  ];
  const problems = unreached(hostOf(seed, 'master-2'), all, said.join('\n'));
  expect(problems.map(({ code, message, fields }) => [code, fields.host, message])).toEqual([
    ['HOST_NOT_REACHED', 'master-2', 'does not reach master-1 (10.0.0.1) at TCP 6443: no answer within 3 s'],
    [
      'HOST_NOT_REACHED',
      'master-2',
      'does not reach node-1 (10.0.0.2) at TCP 10250, 4443: no route to host, no answer within 3 s',
    ],
  ]);
});
