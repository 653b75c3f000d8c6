import { type HostState, hostState, leavings, type Rolling } from '../host/state.ts';
import { places } from '../layout/paths.ts';
import { rootDirectory, rootFile } from './files.ts';
import { haproxyPackage } from './packages.ts';
import { listens } from './readiness.ts';
import { unit } from './reads.ts';
import { memoryStays, serviceText } from './unit-text.ts';

/** A host's own load balancer: haproxy on the loopback. */
export interface Balancer {
  /** The name of its unit, without the suffix. */
  readonly name: string;
  readonly description: string;
  readonly port: number;
  readonly socket: string;
  /** The certificate with which its checks identify themselves. */
  readonly identity?: Identity;
  readonly config: { readonly path: string; readonly content: string };
  /** How it restarts if clients of other hosts depend on it. */
  readonly rolling?: Rolling;
  /** The host has SELinux. */
  readonly seLinux?: boolean | undefined;
}

/** haproxy before 2.4 reads the certificate and the key of its checks only from one file, which is made of both at each start. */
interface Identity {
  readonly crt: string;
  readonly key: string;
  /** Only root can read it. */
  readonly both: string;
}

const program = '/usr/sbin/haproxy';

/** The package, files and unit of a load balancer. */
export function balancerState({
  name,
  description,
  port,
  socket,
  identity,
  config,
  rolling,
  seLinux,
}: Balancer): HostState {
  return hostState({
    packages: [haproxyPackage],
    directories: [rootDirectory(places.kubernetesDir), rootDirectory(places.balancerRoot)],
    leaves: leavings('tree', socket, `/run/${name}.pid`, ...(identity ? [identity.both] : [])),
    files: [rootFile(config.path, config.content), rootFile(places.balancerScript, closeSilentSessions)],
    units: [
      unit({
        name: `${name}.service`,
        content: serviceText({
          description,
          documentation: 'https://docs.haproxy.org/',
          command: [program, '-Ws', '-f', config.path, '-p', `/run/${name}.pid`],
          service: [
            'Type=notify',
            ...(identity ? [`ExecStartPre=+${joining(identity)}`] : []),
            `ExecStartPre=${program} -f ${config.path} -c -q`,
            // Both processes must stop at once: the connections of a stopped load balancer cannot drain to another one.
            'KillMode=mixed',
            'TimeoutStopSec=5',
            'LimitNOFILE=65536',
            'OOMScoreAdjust=-998',
            // With it, SELinux leaves haproxy in systemd's own domain, which may connect to no port; in haproxy's domain the
            // boolean haproxy_connect_any lets it bind and connect to all (selinux-policy, rhcs.te and init.te).
            ...(seLinux ? [] : ['NoNewPrivileges=yes']),
            'ProtectSystem=full',
            'ProtectHome=yes',
            'PrivateTmp=yes',
            ...memoryStays,
          ],
        }),
        reads: [program],
        ...(rolling && { rolling }),
        ready: {
          command: listens(port),
          timeoutSeconds: 30,
          hint: `The load balancer can't listen on 127.0.0.1:${port}: does another program use that port?`,
        },
      }),
    ],
  });
}

/** With a plus before it in the unit, it may write to /etc, unlike haproxy. */
function joining({ crt, key, both }: Identity): string {
  return `/bin/sh -c 'umask 077; cat ${crt} ${key} >${both}'`;
}

/** The common start of the configurations: TLS is passed through, and a failed connection is retried on another server. */
export function balancerHead(socket: string): readonly string[] {
  return [
    'global',
    `  lua-load ${places.balancerScript}`,
    '  log stdout format raw daemon notice',
    `  stats socket ${socket} mode 600 level admin`,
    '  ssl-default-server-options ssl-min-ver TLSv1.2',
    '  user haproxy',
    '  group haproxy',
    `  chroot ${places.balancerRoot}`,
    '',
    'defaults',
    '  mode tcp',
    '  log global',
    // In TCP mode this option retries on another server; `retry-on` is for HTTP only.
    '  option redispatch 1',
    '  retries 5',
    '  timeout connect 300ms',
    '  timeout client 1h',
    '  timeout server 1h',
    '  timeout check 600ms',
    '  timeout queue 5s',
    '',
  ];
}

/**
 * A server is down 0.9 to 2.5 s after it froze or vanished: two checks, the first within a second. A check's TCP and TLS
 * handshakes have `timeout connect` (300 ms); its answer then has `timeout check` (both in haproxy's configuration manual).
 */
export const checkTimes =
  '  default-server inter 1s fastinter 250ms downinter 1s fall 2 rise 2 observe layer4 error-limit 3 on-error mark-down';

/**
 * For how many seconds a server that completes handshakes but answers its checks late keeps its connections while another server is up. New
 * connections go to the others.
 *
 * - An etcd member: all are slow after an election, one a moment before another.
 * - An API server may only be slow because its etcd member is. Its master's load balancer leaves that member within 4.3 s (two checks in 3.3 s, and
 *   the second above), and then the API server answers the requests in flight. A node's checks of it fail after 1.5 s already, so this is longer
 *   than the difference, with a reserve for a busy host.
 */
const slowSeconds = { members: 1, masters: 5 } as const;

/** The name of a load balancer's servers in its configuration. */
export type Backend = keyof typeof slowSeconds;

const ticksASecond = 10;
const slowTicks = Object.entries(slowSeconds).map(([name, seconds]) => `${name} = ${seconds * ticksASecond}`);

/**
 * Ends connections to a server that no longer answers checks. A frozen server acknowledges every packet, and on a
 * watch no data is sent whose acknowledgement could be missing: otherwise the clients wait for their own pings to fail.
 *
 * - Not by `on-marked-down shutdown-sessions`, which would also end connections that are still being made and would be
 *   redispatched: those get more than 300 ms, their connect time-out.
 * - Only after a check timed out, or after three clients in a row got no connection (HANA): an API server that reports its
 *   shutdown (500) may finish its requests.
 * - Also for connections to its unchecked twin, which were made while every check failed, and which no check monitors.
 * - A server that completes handshakes and answers late (L7TOUT) is slow and may recover soon: {@link slowSeconds}.
 * - If no other server is up, the checks may be wrong: then only after 3 s without even a TCP handshake (L4TOUT),
 *   which an overloaded server still answers. After a network outage, a surviving connection is worse than none: the
 *   far end sends its pending data only when its retransmission timer expires, which takes as long again as the outage (RFC 6298, 5.5).
 */
const closeSilentSessions = `local silent, replaceable, closed = {}, {}, {}
local slow = { ${slowTicks.join(', ')} }

local function look(backend)
  local up = 0
  for _, server in pairs(backend.servers) do
    if server:get_stats()["status"]:find("^UP") then up = up + 1 end
  end
  for name, server in pairs(backend.servers) do
    local stats = server:get_stats()
    local check = stats["check_status"] or ""
    local gone = stats["status"]:find("^DOWN") and (check:find("TOUT") or check == "HANA")
    local place = backend.name .. "/" .. name
    if not gone then
      silent[place], replaceable[place], closed[place] = nil, nil, nil
    elseif not closed[place] then
      silent[place] = (silent[place] or 0) + 1
      replaceable[place] = up > 0 and (replaceable[place] or 0) + 1 or 0
      local away = silent[place] >= 30 and check:find("L4TOUT")
      local stuck = silent[place] >= 5 and not check:find("L7TOUT")
      if away or (up > 0 and (stuck or replaceable[place] >= slow[backend.name])) then
        closed[place] = true
        server:shut_sess()
        local twin = backend.servers[name .. "-unchecked"]
        if twin then twin:shut_sess() end
        core.log(core.notice, "Connections to the silent server " .. place .. " are closed")
      end
    end
  end
end

core.register_task(function()
  while true do
    core.msleep(${1000 / ticksASecond})
    for _, backend in pairs(core.backends) do look(backend) end
  end
end)
`;
