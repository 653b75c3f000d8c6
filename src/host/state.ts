import type { Leaving } from './leavings.ts';

export { leavings } from './leavings.ts';

/**
 * The wanted state of a host, as data. A component returns one of these; the engine compares it with the host and changes
 * what differs. This file has no knowledge of Kubernetes.
 */
export interface HostState {
  /** Whose host it is: a name in the host's own list, which a reset compares. */
  readonly owner?: string;
  /** The name to set with hostnamectl. Default: the host keeps its name. */
  readonly hostname?: string;
  /** Lines of our block in /etc/hosts. */
  readonly hostEntries: readonly HostEntry[];
  readonly swapOff: boolean;
  readonly modules: readonly KernelModule[];
  /** Written to a file under /etc/sysctl.d, and set at once if the running value differs. */
  readonly sysctls: Readonly<Record<string, string>>;
  readonly packages: readonly PackageNeed[];
  readonly users: readonly SystemUser[];
  readonly directories: readonly Directory[];
  readonly files: readonly HostFile[];
  readonly downloads: readonly Download[];
  /** In the order of their start. */
  readonly units: readonly Unit[];
  /** Paths that must not exist. */
  readonly absent: readonly string[];
  /**
   * For paths in `absent`: the file of the program that writes them. Such a path is removed only while the host's list still has that
   * program. If this project never placed the program, the path belongs to other software.
   */
  readonly writers: Readonly<Record<string, string>>;
  /** What the programs of this state leave on the host at run time. Only a reset removes it. */
  readonly leaves: readonly Leaving[];
  /**
   * A scope that places the downloads later, with the restart of their units. Those whose place has a file already are only fetched and
   * verified: a process that restarts meanwhile must start as it was. Default: all are placed.
   */
  readonly stagedFor?: string;
  /** The proxy of downloads and of the package manager. Default: none. Not a part of the wanted state. */
  readonly proxy?: ProxySettings;
}

/** The values that curl and the package managers read from their environment. */
export interface ProxySettings {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  /** Names, domains and subnets without proxy, separated by commas. */
  readonly noProxy: string;
}

export interface HostEntry {
  readonly address: string;
  readonly names: readonly string[];
}

/** A kernel feature; loaded by modprobe only if `check` (a path or a word of /proc/filesystems) is missing. */
export interface KernelModule {
  readonly name: string;
  /**
   * A path that exists, or `filesystem:NAME` for a line of /proc/filesystems, if the feature is available; `untellable`
   * if a kernel shows no sign of the built-in feature: then its lists of modules decide, or without them modprobe is tried, and its failure ignored.
   */
  readonly check?: string;
}

/** A package of the distribution, installed only if `command` is missing. */
export interface PackageNeed {
  readonly command: string;
  readonly apt: string;
  readonly dnf: string;
  readonly zypper: string;
  /** Commands that do the same: one of them is enough. */
  readonly instead?: readonly string[];
  /** Whether downloads need it: it is installed before them, not while they run. */
  readonly forDownloads?: boolean;
  /** The package's own service, which must not run, because we have a unit of our own. Only disabled if we installed the package. */
  readonly disableUnit?: string;
}

export interface SystemUser {
  readonly name: string;
  readonly home: string;
}

export interface Directory {
  readonly path: string;
  /** Octal, as in `700`. */
  readonly mode: string;
  /** `user:group`. */
  readonly owner: string;
}

export interface HostFile {
  readonly path: string;
  readonly content: string;
  readonly mode: string;
  readonly owner: string;
  /** The content of a secret is never shown in a difference. */
  readonly secret: boolean;
  /** SHA-256 of the content if the content stayed on the host. Then `content` is a placeholder, and the state must not be applied. */
  readonly sha256?: string;
}

/** A verified download: one file, or members of an archive. */
export interface Download {
  readonly url: string;
  /** The URL of the publisher's SHA-256: a file with the bare checksum, or lines of `sum  name`. */
  readonly sumUrl: string;
  /** The only accepted SHA-256, in lower-case hex: then the publisher is not asked. */
  readonly sha256?: string;
  readonly mode: string;
  /** For a plain file: its path. For a tar.gz: each member's name in the archive → its path. */
  readonly place: string | Readonly<Record<string, string>>;
}

export interface Unit {
  /** With its suffix: `etcd.service`. */
  readonly name: string;
  /** The unit file's text, placed at /etc/systemd/system/NAME, mode 600 root:root. */
  readonly content: string;
  /** Paths of files and binaries that it reads when it starts; its own text always counts. */
  readonly reads: readonly string[];
  /** Those of `reads` that it reads again when it is reloaded (ExecReload): when nothing else has changed, it is reloaded, not restarted. */
  readonly rereads?: readonly string[];
  /** If present, awaited after each start. Must not depend on the job of another host. */
  readonly ready?: ReadyCheck;
  /** How to restart a running unit while others of its kind serve. */
  readonly rolling?: Rolling;
}

export interface ReadyCheck {
  /** A line of POSIX sh, run as root; exit 0 means ready. Repeated about every 200 ms. */
  readonly command: string;
  readonly timeoutSeconds: number;
  /** The likely cause if it does not become ready, for the error. */
  readonly hint: string;
}

/** The exit status of {@link Rolling.live} for: no running cluster depends on the unit. */
export const certainlyNot = 10;
/** The exit status of {@link Rolling.live} for: a running cluster depends on the unit, and it must not restart now. */
export const mustNotRestart = 11;

/**
 * A restart in a running cluster: under a lock, refused if it would break the quorum, complete when the unit is
 * healthy again. Each part is lines of POSIX sh.
 */
export interface Rolling {
  /**
   * Does a running cluster depend on the unit? Exit 0: yes, the unit restarts under the lock. Exit `certainlyNot`: no; it restarts at once.
   * Exit `mustNotRestart`: yes, but the restart is refused, without waiting for the lock. Any other status: unknown; no unit is
   * restarted unless force-restart is set. Its output is the reason.
   */
  readonly live: string;
  /** Runs before acquiring the lock; blocks while other members should restart first. */
  readonly turn?: string;
  /** Runs its arguments while no other unit of the kind restarts anywhere, and exits with their status (`exec "$@"`). */
  readonly lock: string;
  /** Any exit status but 0 refuses the restart; its output is the reason. */
  readonly allow?: string;
  /** Work under the lock, before `before`, that clients of the unit would notice. */
  readonly hold?: Hold;
  /** Runs under the lock before the stop, for example to transfer leadership. */
  readonly before?: string;
  /** Healthy again, so that the next unit may restart. */
  readonly healthy: ReadyCheck;
  /** Runs when the unit is healthy again; its output is a warning to the user. */
  readonly after?: string;
  /** With it, a unit that does not become healthy gets its former files back, and so do the units behind it. */
  readonly wayBack?: WayBack;
}

/**
 * The record, for all hosts, of a restart that failed. Lines of POSIX sh under the lock, with ATTEMPT in their environment: the
 * attempt of the run.
 */
export interface WayBack {
  /**
   * Has the restart failed on another host in this attempt? Exit 0: yes, and the output is its name; this unit is not restarted. Exit 1: no. Any
   * other status: unknown, and the restart is refused.
   */
  readonly failed: string;
  /** Records that it has failed here. */
  readonly record: string;
}

/** Work that a unit's clients would notice, so the runner makes them wait for it (`HostSession.apply`). Lines of POSIX sh. */
export interface Hold {
  /** Exit 0: the work is due, and the runner holds the clients. */
  readonly needed: string;
  /** Waits until the clients are held, and does the work; HOLD_TRY in its environment is 1 to 3. Exit 0: done; 1: the clients were not held in time, and it is retried; any other: it is skipped. */
  readonly work: string;
}

const nothing: HostState = {
  hostEntries: [],
  swapOff: false,
  modules: [],
  sysctls: {},
  packages: [],
  users: [],
  directories: [],
  files: [],
  downloads: [],
  units: [],
  absent: [],
  writers: {},
  leaves: [],
};

/** A complete state from the given parts. */
export function hostState(parts: Partial<HostState>): HostState {
  return { ...nothing, ...parts };
}

/** The union of states, in order. A path or unit from two components must be equal; the union has it once. */
export function mergeStates(states: readonly HostState[]): HostState {
  const unique = <T>(pick: (state: HostState) => readonly T[], key: (item: T) => string): T[] => [
    ...new Map(states.flatMap(pick).map((item) => [key(item), item])).values(),
  ];
  const owner = states.find((state) => state.owner !== undefined)?.owner;
  const hostname = states.find((state) => state.hostname !== undefined)?.hostname;
  const proxy = states.find((state) => state.proxy !== undefined)?.proxy;
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(proxy === undefined ? {} : { proxy }),
    hostEntries: unique(
      (s) => s.hostEntries,
      (e) => e.address,
    ),
    swapOff: states.some((state) => state.swapOff),
    modules: unique(
      (s) => s.modules,
      (m) => m.name,
    ),
    sysctls: Object.assign({}, ...states.map((state) => state.sysctls)),
    packages: unique(
      (s) => s.packages,
      (p) => p.command,
    ),
    users: unique(
      (s) => s.users,
      (u) => u.name,
    ),
    directories: unique(
      (s) => s.directories,
      (d) => d.path,
    ),
    files: unique(
      (s) => s.files,
      (f) => f.path,
    ),
    downloads: unique(
      (s) => s.downloads,
      (d) => `${d.url} ${JSON.stringify(d.place)}`,
    ),
    units: unique(
      (s) => s.units,
      (u) => u.name,
    ),
    absent: unique(
      (s) => s.absent,
      (p) => p,
    ),
    writers: Object.assign({}, ...states.map((state) => state.writers)),
    leaves: unique(
      (s) => s.leaves,
      (l) => `${l.kind} ${l.subject}`,
    ),
  };
}
