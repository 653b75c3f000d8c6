import { byAddress, type Cluster, etcdEndpoints, type Host, hostsWith } from '../cluster/cluster.ts';
import { type HostState, hostState } from '../host/state.ts';
import { etcdClientUrl, hostPort, loopback } from '../layout/addresses.ts';
import { components, withoutSuffix } from '../layout/components.ts';
import { paths, places } from '../layout/paths.ts';
import { rollingApiserver } from './apiserver-rolling.ts';
import { balancerHead, balancerState, checkTimes } from './balancer.ts';
import type { Backend } from './balancer-script.ts';

const { clients, http } = components.etcd.ports;
const etcdBalancerPort = components.etcdBalancer.ports.etcd.port;
const backend: Backend = 'members';
export const etcdBalancerUnit = withoutSuffix(components.etcdBalancer.unit);

/** Where an API server finds etcd: its master's own balancer, or the only member that there is. */
export function etcdServers(cluster: Cluster, host: Host): readonly string[] {
  if (isBalanced(cluster)) return [`https://${hostPort(loopback(host.address), etcdBalancerPort)}`];
  return host.roles.includes('etcd') ? [etcdClientUrl(loopback(host.address))] : etcdEndpoints(cluster);
}

/**
 * A master's own balancer over etcd's members. Of a member that vanished without a word, gRPC in an API server learns
 * after 10 s when it has sent something, and after up to 40 s on a watch (kubernetes#128812), and no flag changes that.
 */
export function etcdBalancerState(
  cluster: Cluster,
  host: Host,
  {
    newMasters,
    seLinux,
  }: { readonly newMasters?: readonly string[] | undefined; readonly seLinux?: boolean | undefined },
): HostState {
  if (!isBalanced(cluster)) return hostState({});
  return balancerState({
    name: etcdBalancerUnit,
    description: 'Local balancer of etcd’s members',
    port: etcdBalancerPort,
    socket: places.etcdBalancerSocket,
    identity: { ...paths.apiserverEtcdClient, both: places.etcdBalancerIdentity },
    config: { path: places.etcdBalancerConfig, content: etcdBalancerConfig(cluster, host) },
    // While it restarts, its API server has no etcd: the same as a restart of the API server itself.
    rolling: rollingApiserver(cluster, host, newMasters),
    seLinux,
  });
}

/** Longer than any read of a healthy member takes, and half as long as an API server waits for etcd before it turns unready. */
const readinessLimit = '1s';

/**
 * Each line was measured (docs/failover.md):
 * - An API server has some 70 connections, one for each kind of objects, that last for weeks: hence `leastconn`. A
 *   master that carries a member keeps to that while it is well (`first`).
 * - `tcp-ut` cuts connections that get no acknowledgement for 1 s. Requests in flight on them are lost: gRPC tries reads
 *   again, and writes can't be tried twice.
 * - The check asks, with the API server's certificate, whether the member is ready: a read through it that needs a quorum. A frozen member
 *   fails the TLS handshake; one that others cannot reach, that is behind, or whose disk is slow has no answer in time: its reads
 *   and writes would take as long. During an election all fail, and no connection is closed, because no other member is up.
 * - A member that stops closes the port of its clients first, and answers on the other for seconds more: so both are tried.
 *   By tcp-check, because http-check wants an answer to a request from each port.
 * - The unchecked backups are used when every check fails: better a member that looks unwell than none. On a master whose network
 *   comes back, connections are made to them at once, and stay: one that is closed during its handshake makes gRPC wait for seconds.
 * - A connection is tried for 20 s, as long as gRPC waits for one. Were it closed at once on a master that is cut off from all
 *   members, gRPC would wait longer after each failure, and the API server be ready for seconds before its clients of etcd are.
 */
function etcdBalancerConfig(cluster: Cluster, host: Host): string {
  const members = inOrder(cluster, host).map((member) => ({
    name: member.name,
    address: hostPort(member.name === host.name ? loopback(host.address) : member.address, clients.port),
  }));
  const identity = `ca-file ${paths.etcdCa.crt} crt ${places.etcdBalancerIdentity}`;
  const check = `check check-ssl verify required ${identity} verifyhost localhost downinter 250ms`;
  return [
    ...balancerHead(places.etcdBalancerSocket, backend),
    'frontend etcd',
    `  bind ${hostPort(loopback(host.address), etcdBalancerPort)}`,
    `  default_backend ${backend}`,
    '',
    `backend ${backend}`,
    `  balance ${host.roles.includes('etcd') ? 'first' : 'leastconn'}`,
    '  option allbackups',
    '  retries 66',
    '  option tcp-check',
    `  tcp-check connect default port ${clients.port}`,
    `  tcp-check connect default port ${http.port}`,
    String.raw`  tcp-check send GET\ /readyz\ HTTP/1.1\r\nHost:\ localhost\r\nConnection:\ close\r\n\r\n`,
    String.raw`  tcp-check expect string HTTP/1.1\ 200\ `,
    `  timeout check ${readinessLimit}`,
    checkTimes,
    ...members.map(({ name, address }) => `  server ${name} ${address} ${check} tcp-ut 1000`),
    ...members.map(({ name, address }) => `  server ${name}-unchecked ${address} backup tcp-ut 1000`),
    '',
  ].join('\n');
}

/** Whether a master reaches etcd through its own balancer: one member needs none. */
export function isBalanced(cluster: Cluster): boolean {
  return hostsWith(cluster, 'etcd').length > 1;
}

/** The members, this host's own first, and after it the others in turn, so that not all masters have the same second choice. */
function inOrder(cluster: Cluster, host: Host): readonly Host[] {
  const members = byAddress(hostsWith(cluster, 'etcd'));
  const own = Math.max(
    0,
    members.findIndex(({ name }) => name === host.name),
  );
  return [...members.slice(own), ...members.slice(0, own)];
}
