import { expect, test } from '@jest/globals';
import { parseCluster } from '../../src/cluster/load.ts';
import { paths, places } from '../../src/layout/paths.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';
import { checkedByHaproxy } from './haproxy-check.ts';
import { fileOf, flag, state, unitOf } from './support.ts';

const path = '/etc/kubernetes/etcd-haproxy.cfg';
const linesOf = (cluster = seedCluster(), master = 'master-2') =>
  fileOf(state(cluster, master, 'master'), path)
    .split('\n')
    .map((line) => line.trim());
const serversOf = (lines: readonly string[]) => lines.filter((line) => line.startsWith('server '));

test('it listens where the API server of its host looks for etcd, and nowhere else', () => {
  for (const cluster of [seedCluster(), smallCluster()]) {
    expect(linesOf(cluster).filter((line) => line.startsWith('bind '))).toEqual(['bind 127.0.0.1:2383']);
    const master = state(cluster, 'master-2', 'master');
    expect(flag(unitOf(master, 'kube-apiserver'), 'etcd-servers')).toBe('https://127.0.0.1:2383');
  }
});

test('external members share the connections', () => {
  expect(linesOf()).toContain('balance leastconn');
  expect(serversOf(linesOf()).map((line) => line.split(' ').slice(1, 3).join(' '))).toEqual([
    ...['etcd-1 192.168.1.157:2379', 'etcd-2 192.168.1.158:2379', 'etcd-3 192.168.1.159:2379'],
    ...[
      'etcd-1-unchecked 192.168.1.157:2379',
      'etcd-2-unchecked 192.168.1.158:2379',
      'etcd-3-unchecked 192.168.1.159:2379',
    ],
  ]);
});

test('a master that carries etcd keeps to its own member, and masters differ in whom they turn to next', () => {
  expect(linesOf(smallCluster())).toContain('balance first');
  const orderOn = (master: string) =>
    serversOf(linesOf(smallCluster(), master))
      .slice(0, 3)
      .map((line) => line.split(' ').slice(1, 3).join(' '));
  expect(orderOn('master-1')).toEqual([
    'master-1 127.0.0.1:2379',
    'master-2 192.168.1.12:2379',
    'master-3 192.168.1.13:2379',
  ]);
  expect(orderOn('master-3')).toEqual([
    'master-3 127.0.0.1:2379',
    'master-1 192.168.1.11:2379',
    'master-2 192.168.1.12:2379',
  ]);
});

test('members are checked by the API server’s own certificate, which is on disk before it starts', () => {
  const unit = unitOf(state(seedCluster(), 'master-1', 'master'), 'kube-etcd-haproxy');
  const [crt, key] = ['crt', 'key'].map((kind) => `/etc/kubernetes/pki/apiserver-etcd-client.${kind}`);
  const both = '/etc/kubernetes/etcd-haproxy.pem';
  for (const line of serversOf(linesOf()).slice(0, 3))
    expect(line).toContain(`verify required ca-file /etc/kubernetes/pki/etcd/ca.crt crt ${both} verifyhost localhost`);
  expect(unit.reads).toEqual(expect.arrayContaining([crt, key]));
  // Before haproxy looks at its configuration, which needs it.
  expect(unit.content).toMatch(
    new RegExp(`ExecStartPre=\\+/bin/sh -c 'umask 077; cat ${crt} ${key} >${both}'\nExecStartPre=/usr/sbin/haproxy`),
  );
  expect(state(seedCluster(), 'master-1', 'master').leaves).toContainEqual({ kind: 'tree', subject: both });
});

test('a member is asked for a read with a quorum, and has a second for it', () => {
  const member = unitOf(state(seedCluster(), 'etcd-1', 'etcd'), 'etcd');
  expect(flag(member, 'listen-client-http-urls')).toBe('https://127.0.0.1:2382,https://192.168.1.157:2382');
  expect(linesOf()).toEqual(
    expect.arrayContaining([
      'option tcp-check',
      'tcp-check connect default port 2379',
      'tcp-check connect default port 2382',
      String.raw`tcp-check send GET\ /readyz\ HTTP/1.1\r\nHost:\ localhost\r\nConnection:\ close\r\n\r\n`,
      String.raw`tcp-check expect string HTTP/1.1\ 200\ `.trim(),
      'timeout check 1s',
    ]),
  );
});

test('an update of its package restarts it, in turn with the API servers of other masters', () => {
  const { reads, rolling } = unitOf(state(seedCluster(), 'master-1', 'master'), 'kube-etcd-haproxy');
  expect(reads).toContain('/usr/sbin/haproxy');
  // A way back is the API server's alone.
  const { wayBack, ...ofApiServer } =
    unitOf(state(seedCluster(), 'master-1', 'master'), 'kube-apiserver').rolling ?? {};
  expect(wayBack).toBeDefined();
  expect(rolling).toEqual(ofApiServer);
  expect(unitOf(state(seedCluster(), 'node-1', 'node'), 'kube-haproxy').reads).toContain('/usr/sbin/haproxy');
});

test.each([
  ['node-1', 'node', 'kube-haproxy', places.balancerConfig, 'masters', [paths.ca.crt]],
  ['master-1', 'master', 'kube-etcd-haproxy', places.etcdBalancerConfig, 'members', []],
] as const)(
  '%s: another list of servers reloads it, as a node’s does another CA, and a worker that is replaced knows whom to ask',
  (...given) => {
    const [host, role, name, config, backend, authorities] = given;
    const wanted = state(seedCluster(), host, role);
    const { content, reads, rereads } = unitOf(wanted, name);
    expect(rereads).toEqual([config, places.balancerScript, ...authorities]);
    expect(reads).toEqual(expect.arrayContaining([...(rereads ?? [])]));
    expect(content).toContain(`ExecReload=/usr/sbin/haproxy -f ${config} -c -q`);
    const socket = `abns@k8s-ha-action-balancer-${backend}`;
    expect(fileOf(wanted, config)).toContain(`stats socket ${socket} level user`);
    expect(fileOf(wanted, places.balancerScript)).toContain(`"${socket.replace(backend, '')}" .. backend.name`);
  },
);

test('silent connections are cut by each server’s own line', () => {
  for (const line of serversOf(linesOf())) expect(line).toMatch(/ tcp-ut 1000$/);
});

test('a master whose network comes back finds its members again at once, and closes no connection that it makes then', () => {
  const lines = serversOf(linesOf());
  expect(lines.map((line) => line.includes(' downinter 250ms '))).toEqual([true, true, true, false, false, false]);
  expect(lines.join()).not.toContain('shutdown');
  expect(linesOf()).toContain('retries 66');
});

test.each([
  ['external', seedCluster()],
  ['stacked', smallCluster()],
])('haproxy itself accepts it for %s etcd, without a warning', (_, cluster) => {
  expect(checkedByHaproxy(state(cluster, 'master-1', 'master'), path)).toEqual({ status: 0, stderr: '' });
});

test('on a master that is a node too, both balancers share the script and nothing else', () => {
  const [master, node] = (['master', 'node'] as const).map((role) => state(smallCluster(), 'master-1', role));
  const shared = master?.files.filter(({ path: one }) => node?.files.some((other) => other.path === one));
  expect(shared?.map(({ path: one }) => one).filter((one) => one.includes('haproxy'))).toEqual([
    '/etc/kubernetes/haproxy.lua',
  ]);
});

test('where there is one member only, its API servers ask it directly', () => {
  const one = parseCluster(
    'name: one\nhosts: [{ name: a, address: 192.168.1.1, roles: [etcd, master, node] }]\n',
    'cluster.yaml',
  );
  const master = state(one, 'a', 'master');
  expect(flag(unitOf(master, 'kube-apiserver'), 'etcd-servers')).toBe('https://127.0.0.1:2379');
  expect(master.units.map(({ name }) => name)).not.toContain('kube-etcd-haproxy.service');
});
