import { type HostState, hostState, leavings, type Rolling } from '../host/state.ts';
import { places } from '../layout/paths.ts';
import { type Backend, closeSilentSessions, successorOf } from './balancer-script.ts';
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
  /** The CA of its servers, if nothing else is read for their checks: a reload is enough for another one. */
  readonly authority?: string;
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
  authority,
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
            `ExecReload=${program} -f ${config.path} -c -q`,
            'ExecReload=/bin/sh -c "kill -USR2 ${MAINPID}"',
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
        rereads: [config.path, places.balancerScript, ...(authority === undefined ? [] : [authority])],
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

/**
 * The common start of the configurations: TLS is passed through, and a failed connection is retried on another server.
 *
 * A reload hands the listening sockets over to a new worker, and the old one keeps its connections. It makes no checks any more, so its script asks
 * the new one. Of the old ones, three live on at most: the connections of the fourth are as old as four changes of the list.
 */
export function balancerHead(socket: string, backend: Backend): readonly string[] {
  return [
    'global',
    `  lua-load ${places.balancerScript}`,
    '  log stdout format raw daemon notice',
    `  stats socket ${socket} mode 600 level admin expose-fd listeners`,
    `  stats socket ${successorOf(backend)} level user`,
    '  mworker-max-reloads 3',
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
