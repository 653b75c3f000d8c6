/** Lines of a unit's sections; a list becomes one line per item. */
export interface UnitSections {
  readonly description: string;
  readonly documentation: string;
  /** Further lines of [Unit]: ordering, conditions. */
  readonly unit?: readonly string[];
  /** The program and its arguments, unquoted. */
  readonly command: readonly string[];
  /** Further lines of [Service]. */
  readonly service: readonly string[];
}

/** The settings of all our daemons: systemd restarts them after any exit, after one second, without a limit. */
const always = ['Restart=always', 'RestartSec=1'];

/**
 * Restrictions for a daemon that only uses the network (systemd.exec(5)). Not for containerd and the kubelet,
 * whose work is to change the host. `full` rather than `strict`: a data directory may be anywhere under /var or /srv;
 * home directories stay readable, because binaries may be there, as in the original guide.
 */
export const sandbox = [
  'NoNewPrivileges=yes',
  'ProtectSystem=full',
  'ProtectHome=read-only',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectControlGroups=yes',
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'MemoryDenyWriteExecute=yes',
  'SystemCallArchitectures=native',
] as const;

/** For a program with private keys in its memory: neither a core dump nor swap writes them to the disk. Swap: cgroup v2 only. */
export const memoryStays = ['LimitCORE=0', 'MemorySwapMax=0'] as const;

/** The text of a service's unit file (systemd.service(5)). */
export function serviceText(sections: UnitSections): string {
  const unit = [
    `Description=${sections.description}`,
    `Documentation=${sections.documentation}`,
    'Wants=network-online.target',
    'After=network-online.target',
    // Otherwise systemd gives up after five quick failures, and a host that waits for another one stays down permanently.
    'StartLimitIntervalSec=0',
    ...(sections.unit ?? []),
  ];
  const service = [...sections.service, `ExecStart=${commandLine(sections.command)}`, ...always];
  return [section('Unit', unit), section('Service', service), section('Install', ['WantedBy=multi-user.target'])].join(
    '\n',
  );
}

function section(name: string, lines: readonly string[]): string {
  return `[${name}]\n${lines.map((line) => `${line}\n`).join('')}`;
}

/** One argument a line, so that a difference shows the flag that changed. */
export function commandLine(argv: readonly string[]): string {
  return argv.map(quoted).join(' \\\n  ');
}

/** systemd expands % and $, and splits at blanks outside quotes (systemd.service(5), "Command lines"). */
function quoted(argument: string): string {
  const literal = argument.replaceAll('%', '%%').replaceAll('$', '$$$$');
  if (/^[\w@%+=:,./$*[\]-]+$/.test(literal)) return literal;
  return `"${literal.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** One `Environment=` line for each variable; those without a value are left out. */
export function environment(variables: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [`Environment=${quoted(`${name}=${value}`)}`],
  );
}

/**
 * Makes a client of the API server detect a silent connection after 8 s instead of 45 s: by default client-go pings an idle
 * HTTP/2 connection after 30 s and waits 15 s for the answer (apimachinery, util/net/http.go).
 */
export const quickPings = environment({ HTTP2_READ_IDLE_TIMEOUT_SECONDS: '5', HTTP2_PING_TIMEOUT_SECONDS: '3' });
