import { isIP } from 'node:net';
import { parseBeside } from './beside.ts';
import type { Facts } from './engine.ts';
import type { Ledger } from './ledger.ts';
import { parseListening } from './listening.ts';
import { hostNonsense } from './nonsense.ts';
import { parseUnits, type Sections } from './snapshot.ts';

/** A host's clock beside the runner's. */
export type Clock = Pick<Facts, 'clockSkewMs' | 'clockErrorMs'>;

/** The host's time, read between these two of the runner: it is taken for the middle. All in ms since 1970. */
export function clockOf(host: number, before: number, after: number): Clock {
  return { clockSkewMs: Math.round(host - (before + after) / 2), clockErrorMs: Math.ceil((after - before) / 2) };
}

/**
 * Parses the facts that the remote program collected. A missing fact is 0 or empty.
 * @throws Problem HOST_NONSENSE for an invalid number
 */
export function parseFacts(sections: Sections, ledger: Ledger, clock: Clock): Facts {
  const lines = (name: string) => sections.get(name) ?? [];
  const files = parseFiles(lines('file'));
  const word = (name: string) =>
    lines('facts')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1);
  const text = (path: string) => files.get(path)?.[0]?.trim() ?? '';
  const units = parseUnits(lines('unit'));
  const disks = lines('disk').map(parseDisk);
  const isActive = (unit: string) => units.get(unit)?.active === 'active';
  return {
    hostname: text('/proc/sys/kernel/hostname'),
    machineId: text('/etc/machine-id'),
    os: parseOs(files.get('/etc/os-release') ?? []),
    architecture: goArchitecture(word('machine') ?? ''),
    kernel: text('/proc/sys/kernel/osrelease'),
    systemdVersion: leadingNumber(word('systemd') ?? '0', 'the version of systemd'),
    cgroupVersion: word('cgroup') === '2' ? 2 : 1,
    cpus: countCpus(text('/sys/devices/system/cpu/online')),
    memoryMiB: memory(files.get('/proc/meminfo') ?? []),
    freeMiB: Object.fromEntries(disks.map(({ path, free }) => [path, free])),
    fileSystems: Object.fromEntries(disks.map(({ path, fileSystem }) => [path, fileSystem])),
    ...clock,
    addresses: lines('address').flatMap(parseAddress),
    swap: (files.get('/proc/swaps')?.length ?? 0) > 1,
    listening: parseListening(lines('listening')),
    packageManager: packageManager(word('package-manager')),
    ...(word('dpkg') === 'interrupted' && { isDpkgInterrupted: true }),
    resolvedRuns: isActive('systemd-resolved.service'),
    selinux: selinux(text('/sys/fs/selinux/enforce')),
    firewalls: [
      ...(isActive('firewalld.service') ? ['firewalld'] : []),
      // The service of ufw is active even if the firewall is off.
      ...((files.get('/etc/ufw/ufw.conf') ?? []).includes('ENABLED=yes') && isActive('ufw.service') ? ['ufw'] : []),
    ],
    foreign: foreign(lines('foreign'), ledger),
    ...(text('/proc/sys/kernel/modules_disabled') === '1' && { loadsNoModules: true }),
    ...localPorts(text('/proc/sys/net/ipv4/ip_local_port_range'), text('/proc/sys/net/ipv4/ip_local_reserved_ports')),
    beside: parseBeside(sections),
  };
}

/** `32768\t60999` and `2379-2380,10250`. */
function localPorts(range: string, reserved: string): Pick<Facts, 'localPorts'> {
  const [first = '', last = ''] = range.split(/\s+/);
  if (!/^\d{1,5}$/.test(first) || !/^\d{1,5}$/.test(last)) return {};
  const kept = reserved.split(',').flatMap((part) => {
    const { from = '', to = from } = /^(?<from>\d{1,5})(?:-(?<to>\d{1,5}))?$/.exec(part)?.groups ?? {};
    return from === '' ? [] : [[Number(from), Number(to)] as const];
  });
  return { localPorts: { first: Number(first), last: Number(last), reserved: kept } };
}

/** Lines by file: `=path`, then `-line` for each. */
function parseFiles(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of lines) {
    if (line.startsWith('=')) {
      current = [];
      files.set(line.slice(1), current);
    } else current.push(line.slice(1));
  }
  return files;
}

function parseOs(lines: readonly string[]): Facts['os'] {
  const value = (name: string) =>
    lines
      .find((line) => line.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replaceAll(/^["']|["']$/g, '') ?? '';
  return { id: value('ID'), versionId: value('VERSION_ID'), name: value('PRETTY_NAME') };
}

function goArchitecture(machine: string): string {
  const names: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64', armv7l: 'arm' };
  return names[machine] ?? machine;
}

/** The number at the beginning of a text. All numbers of the kernel and systemd that are read here are far below a billion. */
function leadingNumber(text: string, what: string): number {
  const digits = /^\d{1,15}(?!\d)/.exec(text)?.[0];
  if (digits === undefined) throw hostNonsense(`${what} is no number`);
  return Number(digits);
}

/** `0-3,6` → 5. */
function countCpus(online: string): number {
  const ranges = online === '' ? [] : online.split(',');
  return ranges.reduce((sum, range) => {
    const { first = '', last = first } = /^(?<first>\d{1,5})(?:-(?<last>\d{1,5}))?$/.exec(range)?.groups ?? {};
    if (first === '' || Number(last) < Number(first)) throw hostNonsense('its list of CPUs is not valid');
    return sum + Number(last) - Number(first) + 1;
  }, 0);
}

function memory(lines: readonly string[]): number {
  const total = lines.find((line) => line.startsWith('MemTotal:'))?.slice('MemTotal:'.length) ?? '0';
  return Math.floor(leadingNumber(total.trimStart(), 'its memory') / 1024);
}

interface Disk {
  readonly path: string;
  readonly free: number;
  readonly fileSystem: string;
}

/** `KB FILESYSTEM PATH` */
function parseDisk(line: string): Disk {
  const {
    free = '',
    fileSystem = '',
    path = '',
  } = /^(?<free>\S+) (?<fileSystem>\S+) (?<path>.+)$/.exec(line)?.groups ?? {};
  return { path, fileSystem, free: Math.floor(leadingNumber(free, 'the free space of a disk') / 1024) };
}

/** `2: eth0    inet 192.168.1.5/24 brd …` */
function parseAddress(line: string): Facts['addresses'] {
  const [, name, family, address] = line.split(/\s+/, 4);
  if (!family?.startsWith('inet') || name === undefined || address === undefined) return [];
  const [ip = '', prefix = family === 'inet' ? '32' : '128'] = address.split('/');
  if (!isIP(ip) || !/^\d{1,3}$/.test(prefix)) throw hostNonsense('an address of an interface that is not valid');
  return [{ interface: name, address: ip, prefix: Number(prefix) }];
}

function packageManager(found: string | undefined): Facts['packageManager'] {
  if (found === 'apt-get') return 'apt';
  return found === 'dnf' || found === 'zypper' ? found : 'none';
}

function selinux(enforce: string): Facts['selinux'] {
  if (enforce === '') return 'disabled';
  return enforce === '1' ? 'enforcing' : 'permissive';
}

/** The remote program checks about thirty places. */
const mostSigns = 200;

/** Signs of another Kubernetes, without the items in our own ledgers. */
function foreign(found: readonly string[], ledger: Ledger): readonly string[] {
  if (found.length > mostSigns) throw hostNonsense(`more than ${mostSigns} signs of another Kubernetes`);
  const own = new Set([...ledger.values()].flat().map((entry) => entry.subject));
  // A kubelet writes its kubeconfig when it has joined; if the kubelet is ours, its kubeconfig is ours, too.
  return found.filter((path) => !own.has(path) && !(path.endsWith('/kubelet.conf') && own.has('kubelet.service')));
}
