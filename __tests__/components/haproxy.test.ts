import { expect, test } from '@jest/globals';
import { haproxyConfig } from '../../src/components/haproxy.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';
import { checkedByHaproxy } from './haproxy-check.ts';
import { state, unitOf } from './support.ts';

const config = haproxyConfig(seedCluster());
const lines = config.split('\n').map((line) => line.trim());
const servers = lines.filter((line) => line.startsWith('server '));

test('the balancer listens on the node itself only', () => {
  expect(lines.filter((line) => line.startsWith('bind '))).toEqual(['bind 127.0.0.1:5002']);
});

test('each master is listed once with a verified check, and once as a backup without a check', () => {
  expect(servers.map((line) => line.split(' ')[2])).toEqual([
    ...['192.168.1.153:6443', '192.168.1.154:6443', '192.168.1.155:6443'],
    ...['192.168.1.153:6443', '192.168.1.154:6443', '192.168.1.155:6443'],
  ]);
  for (const line of servers.slice(0, 3)) expect(line).toContain('check-ssl verify required ca-file');
  for (const line of servers.slice(3)) expect(line).toMatch(/ backup /);
});

test('silent connections are cut by each server’s own line, since haproxy 2.6 ignores tcp-ut in default-server', () => {
  for (const line of servers) expect(line).toMatch(/ tcp-ut 1500$/);
  expect(lines.find((line) => line.startsWith('default-server'))).not.toContain('tcp-ut');
});

test('a failed connection goes to another server at every retry', () => {
  expect(lines).toContain('option redispatch 1');
  expect(lines).toContain('mode tcp');
});

test('haproxy itself accepts it, without a warning', () => {
  const node = state(smallCluster(), 'master-1', 'node');
  expect(checkedByHaproxy(node, '/etc/kubernetes/haproxy.cfg')).toEqual({ status: 0, stderr: '' });
});

test('the distribution’s own haproxy service is disabled', () => {
  const node = state(seedCluster(), 'node-1', 'node');
  expect(node.packages).toContainEqual(expect.objectContaining({ command: 'haproxy', disableUnit: 'haproxy.service' }));
  expect(unitOf(node, 'kube-haproxy').content).toContain(
    'ExecStartPre=/usr/sbin/haproxy -f /etc/kubernetes/haproxy.cfg -c',
  );
});

test('with SELinux the balancers may change to the domain of haproxy', () => {
  const cluster = seedCluster();
  const lines = (seLinux: boolean) => [
    unitOf(state(cluster, 'node-1', 'node', { seLinux }), 'kube-haproxy').content,
    unitOf(state(cluster, 'master-1', 'master', { seLinux }), 'kube-etcd-haproxy').content,
  ];
  for (const content of lines(false)) expect(content).toContain('NoNewPrivileges=yes');
  for (const content of lines(true)) expect(content).not.toContain('NoNewPrivileges');
});
