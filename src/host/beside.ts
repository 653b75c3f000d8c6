import { basename } from 'node:path/posix';
import { hostNonsense } from './nonsense.ts';
import type { Sections } from './snapshot.ts';
import type { KernelModule } from './state.ts';

/** What to look for in the configuration of others. */
export interface BesideQuery {
  /** Keys of kernel settings. */
  readonly sysctls: readonly string[];
  /** Our services, with their suffix. */
  readonly units: readonly string[];
  /** Files in the form of resolv.conf(5). */
  readonly resolvers: readonly string[];
  /** Paths, or globs with a pattern as file name. */
  readonly left: readonly string[];
  readonly modules: readonly KernelModule[];
  /** Directories that only root may be able to change. */
  readonly secure: readonly string[];
  /** Units of others that matter if they are started at boot. */
  readonly services: readonly string[];
  /** Directories that must be writable, and must be as they were after a boot. */
  readonly places: readonly string[];
}

/** A line of another program's file that sets a kernel setting at boot. */
export interface SysctlLine {
  readonly file: string;
  readonly key: string;
  readonly value: string;
}

/** A setting that a drop-in of others adds to one of our services, or to all. */
export interface DropInSetting {
  readonly file: string;
  /** The unit that its directory names: `kubelet.service`, or `service` for all of them. */
  readonly unit: string;
  /** Empty: the file is a link to /dev/null, which keeps one of its name from the unit. */
  readonly key: string;
  /** Of settings that confine a service; others may be secret. */
  readonly value?: string;
}

/** A chain that packets to the host or through it pass. */
export interface FirewallChain {
  /** As in `nft list chain`: family, table and chain; for iptables of the older kind `iptables INPUT`. */
  readonly name: string;
  readonly hook: 'input' | 'forward';
  /** What happens to a packet that no rule of the chain takes. */
  readonly otherwise: 'accept' | 'drop' | 'reject';
}

const mountTroubles = ['noexec', 'readonly', 'volatile', 'network'] as const;

/** How a file system does not suit a directory: `volatile` is lost at the next boot. */
export type MountTrouble = (typeof mountTroubles)[number];

/** Settings of other programs on a host that affect what a run configures there. */
export interface Beside {
  readonly sysctls: readonly SysctlLine[];
  readonly dropIns: readonly DropInSetting[];
  /** What turns swap on at boot and does not depend on swap.target: units, or files. */
  readonly swap: readonly string[];
  /** By file that exists: addresses of the name servers in it. */
  readonly resolvers: ReadonlyMap<string, readonly string[]>;
  readonly left: readonly string[];
  /** Kernel modules that are neither there nor in the lists of this kernel. */
  readonly missingModules: readonly string[];
  /** Modules that a file of modprobe.d(5) keeps from being loaded at boot. */
  readonly blockedModules: readonly { readonly file: string; readonly name: string }[];
  /** Of the directories asked for: those on a file system that is mounted so. */
  readonly mounts: readonly { readonly path: string; readonly mount: string; readonly how: MountTrouble }[];
  /** Of the units asked for: those that are started at boot. */
  readonly services: readonly string[];
  /** Directories of which fapolicyd, where it is configured, lets every program run; `/`: it only logs. */
  readonly allowed: readonly string[];
  /** Of the kernel settings asked for: those that cannot be changed on this host, with their values. */
  readonly locked: readonly { readonly key: string; readonly value: string }[];
  /** Which of the directories that must be secure, or of their parents, is not, and why; undefined: they are. */
  readonly open: string | undefined;
  /** Lines of tmpfiles.d(5) that empty one of the directories, a part of it or one above it. */
  readonly emptied: readonly { readonly file: string; readonly path: string }[];
  /** cgroup controllers that are on; empty: unknown. */
  readonly controllers: readonly string[];
  /** SELinux' boolean haproxy_connect_any; undefined: there is none. */
  readonly haproxyMayConnect: boolean | undefined;
  readonly chains: readonly FirewallChain[];
  /** Why the files could not all be read: what else is in them is unknown. Undefined: they were. */
  readonly unread: string | undefined;
}

/** Limit on the lines of each section; a host with hundreds of units has some dozens. */
const mostLines = 5_000;

/** @throws Problem HOST_NONSENSE for more lines than a host can have */
export function parseBeside(sections: Sections): Beside {
  const lines = (sections.get('beside') ?? []).map((line) => line.split('\t'));
  const firewall = sections.get('firewall') ?? [];
  if (lines.length > mostLines || firewall.length > 100 * mostLines)
    throw hostNonsense(`more than ${mostLines} lines of other programs' configuration`);
  const of = (kind: string) => lines.flatMap(([is, ...fields]) => (is === kind ? [fields] : []));
  const firsts = (kind: string) => [...new Set(of(kind).map(([first = '']) => first))];
  return {
    sysctls: of('sysctl').map(([file = '', key = '', ...value]) => ({ file, key, value: value.join(' ') })),
    dropIns: dropInsOf(of('dropin')),
    swap: firsts('swap'),
    resolvers: resolversOf(of('resolver')),
    left: firsts('left'),
    missingModules: firsts('missing'),
    blockedModules: of('modprobe').map(([file = '', name = '']) => ({ file, name })),
    services: firsts('service'),
    allowed: firsts('allow'),
    locked: of('locked').map(([key = '', ...value]) => ({ key, value: value.join(' ') })),
    open: of('open').map((words) => words.join(' '))[0],
    mounts: mountTroubles.flatMap((how) => of(how).map(([path = '', mount = '']) => ({ path, mount, how }))),
    emptied: of('tmpfiles').map(([file = '', path = '']) => ({ file, path })),
    controllers: firsts('controllers'),
    haproxyMayConnect: firsts('boolean').map((value) => value === '1')[0],
    chains: parseChains(firewall),
    unread: of('unread').map((words) => words.join(' '))[0],
  };
}

/** Masks come first, then files in the order of precedence: of those of a unit with one name, only the first counts (systemd.unit(5)). */
function dropInsOf(lines: readonly (readonly string[])[]): Beside['dropIns'] {
  const first = new Map<string, string>();
  return lines
    .map(([file = '', unit = '', key = '', value]) => ({ file, unit, key, ...(value !== undefined && { value }) }))
    .filter(({ file, unit }) => {
      const place = `${unit}/${basename(file)}`;
      if (!first.has(place)) first.set(place, file);
      return first.get(place) === file;
    });
}

/** A line with the file alone, then one for each of its name servers. */
function resolversOf(lines: readonly (readonly string[])[]): Beside['resolvers'] {
  const resolvers = new Map<string, string[]>();
  for (const [file = '', address] of lines) {
    const addresses = resolvers.get(file) ?? [];
    if (address !== undefined) addresses.push(address);
    resolvers.set(file, addresses);
  }
  return resolvers;
}

/** Chains in the text of `nft list chain` and of `iptables -S`. */
export function parseChains(lines: readonly string[]): readonly FirewallChain[] {
  return [...nftChains(lines), ...legacyChains(lines)];
}

const tableLine = /^table (?<table>\S+ \S+) \{$/;
const chainLine = /^\s*chain (?<chain>\S+) \{$/;
const hookLine = /^\s*type filter hook (?<hook>input|forward) .*policy (?<policy>accept|drop);$/;
/** A rule without a condition. */
const lastWord =
  /^\s*(?:counter packets \d+ bytes \d+ |log(?: prefix "[^"]*")? )*(?<verdict>drop|reject)(?: with .*)?$/;

function nftChains(lines: readonly string[]): readonly FirewallChain[] {
  const found: FirewallChain[] = [];
  let [table, chain] = ['', ''];
  for (const line of lines) {
    table = tableLine.exec(line)?.groups?.table ?? table;
    chain = chainLine.exec(line)?.groups?.chain ?? chain;
    const { hook, policy } = hookLine.exec(line)?.groups ?? {};
    const verdict = lastWord.exec(line)?.groups?.verdict;
    const current = found.at(-1);
    if (hook !== undefined)
      found.push({ name: `${table} ${chain}`, hook: hookOf(hook), otherwise: policy === 'drop' ? 'drop' : 'accept' });
    else if (verdict !== undefined && current?.name === `${table} ${chain}`)
      found[found.length - 1] = { ...current, otherwise: verdict === 'drop' ? 'drop' : 'reject' };
  }
  return found;
}

function legacyChains(lines: readonly string[]): readonly FirewallChain[] {
  return lines.flatMap((line) => {
    const { chain, policy, verdict } =
      /^-P (?<chain>INPUT|FORWARD) (?<policy>ACCEPT|DROP)$/.exec(line)?.groups ??
      /^-A (?<chain>INPUT|FORWARD) -j (?<verdict>DROP|REJECT)\b/.exec(line)?.groups ??
      {};
    if (chain === undefined) return [];
    const otherwise = verdict === 'REJECT' ? 'reject' : policy === 'ACCEPT' ? 'accept' : 'drop';
    return [{ name: `iptables ${chain}`, hook: hookOf(chain.toLowerCase()), otherwise } as const];
  });
}

function hookOf(text: string): FirewallChain['hook'] {
  return text === 'forward' ? 'forward' : 'input';
}
