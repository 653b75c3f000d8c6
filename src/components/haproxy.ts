import { type Cluster, hostsWith } from '../cluster/cluster.ts';
import { type HostState, hostState } from '../host/state.ts';
import { paths } from '../pki/paths.ts';
import { hostPort } from './addresses.ts';
import { rootDirectory, rootFile } from './files.ts';
import { haproxyPackage } from './packages.ts';
import { places } from './places.ts';
import { listens } from './readiness.ts';
import { serviceText } from './unit-text.ts';

/** A node's own balancer over all API servers, at 127.0.0.1: the death of a master, or of a balancer elsewhere, is not its. */
export function haproxyState(cluster: Cluster): HostState {
  const program = '/usr/sbin/haproxy';
  return hostState({
    packages: [haproxyPackage],
    directories: [rootDirectory(places.kubernetesDir), rootDirectory(places.balancerRoot)],
    files: [rootFile(places.balancerConfig, haproxyConfig(cluster))],
    units: [
      {
        name: 'kube-haproxy.service',
        content: serviceText({
          description: 'Local balancer of the Kubernetes API servers',
          documentation: 'https://docs.haproxy.org/',
          command: [program, '-Ws', '-f', places.balancerConfig, '-p', '/run/kube-haproxy.pid'],
          service: [
            'Type=notify',
            `ExecStartPre=${program} -f ${places.balancerConfig} -c -q`,
            // Both processes are to go at once: connections of a stopped balancer have nowhere to drain to.
            'KillMode=mixed',
            'TimeoutStopSec=5',
            'LimitNOFILE=65536',
            'OOMScoreAdjust=-998',
            'NoNewPrivileges=yes',
            'ProtectSystem=full',
            'ProtectHome=yes',
            'PrivateTmp=yes',
          ],
        }),
        reads: [places.balancerConfig, paths.ca.crt],
        ready: {
          command: listens(cluster.api.localPort),
          timeoutSeconds: 30,
          hint: `The balancer can't listen on 127.0.0.1:${cluster.api.localPort}: does another program have that port?`,
        },
      },
    ],
  });
}

/**
 * TLS is passed through; only the checks look inside. Each line was measured (docs/benchmarks.md):
 * - In TCP mode a failed connection is tried again on another server by `redispatch 1`; `retry-on` is for HTTP only.
 * - `tcp-ut` cuts connections that get no acknowledgement for 1.5 s, where a client would hang for 45 s. It must stand
 *   on each server's line: haproxy 2.6 ignores it in default-server.
 * - /readyz turns red while a stopping API server still serves; anonymous requests may ask it (apiserver.ts).
 * - The unchecked backups are used when every check fails: better an API server that looks unwell than none.
 */
export function haproxyConfig(cluster: Cluster): string {
  const masters = hostsWith(cluster, 'master').map(({ name, address }) => ({
    name,
    address: hostPort(address, cluster.api.port),
  }));
  const check = `check check-ssl verify required ca-file ${paths.ca.crt} verifyhost kubernetes`;
  return [
    'global',
    '  log stdout format raw daemon notice',
    `  stats socket ${places.balancerSocket} mode 600 level admin`,
    '  ssl-default-server-options ssl-min-ver TLSv1.2',
    '  user haproxy',
    '  group haproxy',
    `  chroot ${places.balancerRoot}`,
    '',
    'defaults',
    '  mode tcp',
    '  log global',
    '  option redispatch 1',
    '  retries 5',
    '  timeout connect 300ms',
    '  timeout client 1h',
    '  timeout server 1h',
    '  timeout check 700ms',
    '  timeout queue 5s',
    '',
    'frontend kubernetes',
    `  bind 127.0.0.1:${cluster.api.localPort}`,
    '  default_backend masters',
    '',
    'backend masters',
    '  balance roundrobin',
    '  option allbackups',
    '  option httpchk',
    '  http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host kubernetes',
    '  http-check expect status 200',
    '  default-server inter 1s fastinter 500ms downinter 1s fall 3 rise 2 observe layer4 error-limit 3 on-error mark-down',
    ...masters.map(({ name, address }) => `  server ${name} ${address} ${check} tcp-ut 1500`),
    ...masters.map(({ name, address }) => `  server ${name}-unchecked ${address} backup tcp-ut 1500`),
    '',
  ].join('\n');
}
