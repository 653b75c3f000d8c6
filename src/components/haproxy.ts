import { byAddress, type Cluster, hostsWith } from '../cluster/cluster.ts';
import type { HostState } from '../host/state.ts';
import { hostPort } from '../layout/addresses.ts';
import { components, withoutSuffix } from '../layout/components.ts';
import { paths, places } from '../layout/paths.ts';
import { balancerHead, balancerState, checkTimes } from './balancer.ts';
import type { Backend } from './balancer-script.ts';

const backend: Backend = 'masters';

/** A node's own load balancer of all API servers, at 127.0.0.1, so it is unaffected when a master, or another node's load balancer, fails. */
export function haproxyState(cluster: Cluster, seLinux?: boolean): HostState {
  return balancerState({
    name: withoutSuffix(components.apiBalancer.unit),
    description: 'Local balancer of the Kubernetes API servers',
    port: cluster.api.localPort,
    socket: places.balancerSocket,
    config: { path: places.balancerConfig, content: haproxyConfig(cluster) },
    authority: paths.ca.crt,
    seLinux,
  });
}

/**
 * TLS is passed through; only the checks use it. Each setting was measured (docs/failover.md):
 * - `tcp-ut` cuts connections without acknowledgements for 1.5 s; a client would otherwise hang for 45 s. It must be
 *   on each server's line: haproxy 2.6 ignores it in default-server.
 * - /readyz fails while a stopping API server still serves; anonymous requests to it are allowed (apiserver.ts).
 * - The unchecked backups are used if every check fails: an API server that looks unhealthy is better than none.
 */
export function haproxyConfig(cluster: Cluster): string {
  const masters = byAddress(hostsWith(cluster, 'master')).map(({ name, address }) => ({
    name,
    address: hostPort(address, cluster.api.port),
  }));
  const check = `check check-ssl verify required ca-file ${paths.ca.crt} verifyhost kubernetes`;
  return [
    ...balancerHead(places.balancerSocket, backend),
    'frontend kubernetes',
    `  bind 127.0.0.1:${cluster.api.localPort}`,
    `  default_backend ${backend}`,
    '',
    `backend ${backend}`,
    '  balance roundrobin',
    '  option allbackups',
    '  option httpchk',
    '  http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host kubernetes',
    '  http-check expect status 200',
    checkTimes,
    ...masters.map(({ name, address }) => `  server ${name} ${address} ${check} tcp-ut 1500`),
    ...masters.map(({ name, address }) => `  server ${name}-unchecked ${address} backup tcp-ut 1500`),
    '',
  ].join('\n');
}
