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
    files: [
      rootFile(places.balancerConfig, haproxyConfig(cluster)),
      rootFile(places.balancerScript, closeSilentSessions),
    ],
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
        reads: [places.balancerConfig, places.balancerScript, paths.ca.crt],
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
 * TLS is passed through; only the checks look inside. Each line was measured (docs/failover.md):
 * - In TCP mode a failed connection is tried again on another server by `redispatch 1`; `retry-on` is for HTTP only.
 * - `tcp-ut` cuts connections that get no acknowledgement for 1.5 s, where a client would hang for 45 s. It must stand
 *   on each server's line: haproxy 2.6 ignores it in default-server.
 * - A server is down 1.5 to 2.5 s after it froze or vanished: two checks of up to 600 ms, the first within a second.
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
    `  lua-load ${places.balancerScript}`,
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
    '  timeout check 600ms',
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
    '  default-server inter 1s fastinter 250ms downinter 1s fall 2 rise 2 observe layer4 error-limit 3 on-error mark-down',
    ...masters.map(({ name, address }) => `  server ${name} ${address} ${check} tcp-ut 1500`),
    ...masters.map(({ name, address }) => `  server ${name}-unchecked ${address} backup tcp-ut 1500`),
    '',
  ].join('\n');
}

/**
 * Ends connections to an API server that answers no check any more. A frozen one acknowledges every packet, and on a
 * watch nothing is sent that could lack an acknowledgement: without this, their clients wait for a ping of their own.
 *
 * - Not by `on-marked-down shutdown-sessions`, which ends those as well that are still connecting, and would be
 *   redispatched: so they are given 300 ms, their connect time-out.
 * - Only when a check timed out, or three clients in a row got no connection (HANA): an API server that says that it
 *   stops (500) is let finish its requests.
 * - Never the last: when no other server is up, the checks may be what is wrong.
 */
const closeSilentSessions = `local silent = {}

local function look(servers)
  local up = 0
  for _, server in pairs(servers) do
    if server:get_stats()["status"]:find("^UP") then up = up + 1 end
  end
  for name, server in pairs(servers) do
    local stats = server:get_stats()
    local check = stats["check_status"] or ""
    local gone = stats["status"]:find("^DOWN") and (check:find("TOUT") or check == "HANA")
    if not gone then
      silent[name] = nil
    else
      silent[name] = (silent[name] or 0) + 1
      if silent[name] == 3 and up > 0 then
        server:shut_sess()
        core.log(core.notice, "Connections to the silent server masters/" .. name .. " are closed")
      end
    end
  end
end

core.register_task(function()
  while true do
    core.msleep(100)
    look(core.backends["masters"].servers)
  end
end)
`;
