/**
 * What a host is to have, as data. A component returns one of these; the engine compares it with the host and changes
 * what differs. Nothing in here knows of Kubernetes.
 */
export interface HostState {
  /** The name to set with hostnamectl; absent: the host keeps the name it has. */
  readonly hostname?: string;
  /** Lines of the block in /etc/hosts that is ours. */
  readonly hostEntries: readonly HostEntry[];
  readonly swapOff: boolean;
  readonly modules: readonly KernelModule[];
  /** Written to a file under /etc/sysctl.d and set at once where the running value differs. */
  readonly sysctls: Readonly<Record<string, string>>;
  readonly packages: readonly PackageNeed[];
  readonly users: readonly SystemUser[];
  readonly directories: readonly Directory[];
  readonly files: readonly HostFile[];
  readonly downloads: readonly Download[];
  /** In the order in which they are to be started. */
  readonly units: readonly Unit[];
  /** Paths that must not exist. */
  readonly absent: readonly string[];
  /**
   * Of paths in `absent`, the file of the program that writes them. Such a path is removed only while the host's list still has that
   * program: where it was never placed, the path belongs to somebody else.
   */
  readonly writers: Readonly<Record<string, string>>;
  /** How downloads and the package manager reach the outside; absent: directly. Not part of what the host is to have. */
  readonly proxy?: ProxySettings;
}

/** As curl and the package managers take it from their environment. */
export interface ProxySettings {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  /** Names, domains and subnets that are reached directly, separated by commas. */
  readonly noProxy: string;
}

export interface HostEntry {
  readonly address: string;
  readonly names: readonly string[];
}

/** A kernel feature; loaded by modprobe only where `check` (a path or a word of /proc/filesystems) is not there yet. */
export interface KernelModule {
  readonly name: string;
  /**
   * A path that exists, or `filesystem:NAME` for a line of /proc/filesystems, once the feature is there; `untellable`
   * where a kernel that has it built in shows no sign of it: then modprobe is tried, and its refusal means nothing.
   */
  readonly check?: string;
}

/** Something the distribution's own package manager provides, asked only when `command` is missing. */
export interface PackageNeed {
  readonly command: string;
  readonly apt: string;
  readonly dnf: string;
  readonly zypper: string;
  /** The package's own service, which is not to run: we bring a unit of our own. Only touched when we installed it. */
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
  /** A secret's content is never shown in a difference. */
  readonly secret: boolean;
  /** SHA-256 of the content if the content stayed on the host. Then `content` is a placeholder, and the state must not be applied. */
  readonly sha256?: string;
}

/** A verified download: one file, or members of an archive. */
export interface Download {
  readonly url: string;
  /** The URL of the publisher's SHA-256: a file with the bare checksum, or lines of `sum  name`. */
  readonly sumUrl: string;
  readonly mode: string;
  /** Of a plain file: where it goes. Of a tar.gz: each member's name in the archive → its place. */
  readonly place: string | Readonly<Record<string, string>>;
}

export interface Unit {
  /** With its suffix: `etcd.service`. */
  readonly name: string;
  /** The unit file's text, placed at /etc/systemd/system/NAME, mode 600 root:root. */
  readonly content: string;
  /** Paths of files and binaries that it reads when it starts; its own text is always counted. */
  readonly reads: readonly string[];
  /** Awaited after each start, when present. Never something that another host's job must do first. */
  readonly ready?: ReadyCheck;
  /** How a running unit is restarted when others of its kind serve meanwhile. */
  readonly rolling?: Rolling;
}

export interface ReadyCheck {
  /** A line of POSIX sh, run as root; exit 0 means ready. Tried again every 200 ms or so. */
  readonly command: string;
  readonly timeoutSeconds: number;
  /** The likely cause when it does not become ready, for the error. */
  readonly hint: string;
}

/** The exit status by which {@link Rolling.live} says that there is no living cluster to be careful about. */
export const certainlyNot = 10;
/** The exit status by which {@link Rolling.live} says that the cluster is running and that the unit must not restart now. */
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
  /** Runs its arguments while no other unit of the kind restarts anywhere, and ends with them (`exec "$@"`). */
  readonly lock: string;
  /** Exit other than 0 refuses the restart; what it prints is the reason. */
  readonly allow?: string;
  /** Work under the lock, before `before`, that clients of the unit would notice. */
  readonly hold?: Hold;
  /** Run under the lock before the stop, for instance to hand a leadership over. */
  readonly before?: string;
  /** Healthy again, so that the next one may go. */
  readonly healthy: ReadyCheck;
  /** Run when it is healthy again; what it prints is a warning to the user. */
  readonly after?: string;
}

/** Work that a unit's clients would notice, so that the runner keeps them waiting for it (`HostSession.apply`). Lines of POSIX sh. */
export interface Hold {
  /** Exit 0: the work is to be done, and the runner is asked to hold the clients. */
  readonly needed: string;
  /** Waits until the clients are held, and does the work; HOLD_TRY in its environment is 1 to 3. Exit 0: done; 1: it did not come in time and is tried again; any other: it is left. */
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
};

/** A whole state from the parts that matter to a component. */
export function hostState(parts: Partial<HostState>): HostState {
  return { ...nothing, ...parts };
}

/** The union of states, in order. A path or unit from two components must be equal; it is included once. */
export function mergeStates(states: readonly HostState[]): HostState {
  const unique = <T>(pick: (state: HostState) => readonly T[], key: (item: T) => string): T[] => [
    ...new Map(states.flatMap(pick).map((item) => [key(item), item])).values(),
  ];
  const hostname = states.find((state) => state.hostname !== undefined)?.hostname;
  const proxy = states.find((state) => state.proxy !== undefined)?.proxy;
  return {
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
  };
}
