import type { Log } from '../log.ts';
import type { Beside, BesideQuery } from './beside.ts';
import type { Limits } from './limits.ts';
import type { HostState } from './state.ts';

/** The address and login of one host. */
export interface HostAddress {
  /** The name for logs and errors. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** The time limit of a login, from the exchange of keys on. Default: 60. */
  readonly loginSeconds?: number;
  readonly jump?: { readonly address: string; readonly port: number; readonly user: string };
}

/** The runner's credentials, and the keys that hosts must have. */
export interface SshAccess {
  /** PEM or OpenSSH text of the private key. Default: the SSH agent at SSH_AUTH_SOCK. */
  readonly privateKey?: string;
  /** Text of a known_hosts file. A host that is not in it is refused. */
  readonly knownHosts: string;
  /** The time limit of one connection attempt, up to the exchange of keys, ms. */
  readonly connectTimeout?: number;
  /** Instead of the host's `loginSeconds`, ms. */
  readonly loginTimeout?: number;
  /** The time limit for the host's SSH server to open a channel, ms. Default: 30,000. */
  readonly answerTimeout?: number;
  /** The number of connection retries. Default: 4. */
  readonly retries?: number;
}

/** Facts about a host, from the first exchange. */
export interface Facts {
  readonly hostname: string;
  readonly machineId: string;
  readonly os: { readonly id: string; readonly versionId: string; readonly name: string };
  /** Go's name of the architecture: `amd64` or `arm64`. */
  readonly architecture: string;
  readonly kernel: string;
  readonly systemdVersion: number;
  readonly cgroupVersion: 1 | 2;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Free MiB of the file systems that hold these paths. */
  readonly freeMiB: Readonly<Record<string, number>>;
  /** The file system of each of these paths: equal for those that share its space. */
  readonly fileSystems: Readonly<Record<string, string>>;
  /** Host clock minus runner clock in ms, corrected by half of the round trip. */
  readonly clockSkewMs: number;
  /** Half of that round trip: by so much `clockSkewMs` can be wrong. */
  readonly clockErrorMs: number;
  readonly addresses: readonly { readonly interface: string; readonly address: string; readonly prefix: number }[];
  readonly swap: boolean;
  /** Listening ports, with the systemd unit that owns the process (`''` if unknown). */
  readonly listening: readonly Listener[];
  readonly packageManager: 'apt' | 'dnf' | 'zypper' | 'none';
  /** dpkg was interrupted on this host, and installs nothing until it has been repaired. */
  readonly isDpkgInterrupted?: boolean;
  readonly resolvedRuns: boolean;
  /** kernel.modules_disabled: until the next boot no module can be loaded. */
  readonly loadsNoModules?: true;
  /** Ports from which the host's own connections begin, and those among them that the kernel leaves out. */
  readonly localPorts?: {
    readonly first: number;
    readonly last: number;
    readonly reserved: readonly (readonly [from: number, to: number])[];
  };
  readonly selinux: 'enforcing' | 'permissive' | 'disabled';
  /** Active firewalls: firewalld, ufw. */
  readonly firewalls: readonly string[];
  /** Signs of a Kubernetes that this project did not install: paths and units, in words. */
  readonly foreign: readonly string[];
  /** Settings of other programs; empty unless `InspectQuery.beside` asks for them. */
  readonly beside: Beside;
}

export interface Listener {
  readonly port: number;
  readonly address: string;
  readonly unit: string;
  /** Absent: TCP. */
  readonly protocol?: 'udp';
}

/** One difference between a host and its state; `subject` is a path, unit, package, sysctl … */
export interface Change {
  readonly kind:
    | 'hostname'
    | 'hosts'
    | 'swap'
    | 'module'
    | 'sysctl'
    | 'package'
    | 'user'
    | 'directory'
    | 'file'
    | 'download'
    | 'unit'
    | 'start'
    | 'restart'
    | 'reload'
    | 'remove'
    | 'stop'
    | 'unmount'
    | 'restore';
  readonly subject: string;
  /** The reason, in words that may be logged: `content differs`, `mode 644 → 600`, `missing`. Never a secret. */
  readonly reason: string;
}

/** The result of the first exchange. Its other content is for the engine only. */
export interface Inspection {
  readonly facts: Facts;
  /** The content of each existing file in `InspectQuery.read`, and the certificates of each in `InspectQuery.certificates`. */
  readonly files: ReadonlyMap<string, string>;
  /** Facts about each existing file in `InspectQuery.withhold`. */
  readonly withheld: ReadonlyMap<string, Withheld>;
  /** Where each file that a run has downloaded to this host came from: path → URL. */
  readonly downloads: ReadonlyMap<string, string>;
  /** Every scope that was applied to this host. */
  readonly scopes: readonly string[];
  /** Whose host it is, by its lists; after a reset whose it was, until it restarts. More than one after a killed change of the name. */
  readonly owners: readonly string[];
  /** It was reset since it was started, and nothing was placed since. */
  readonly isReset: boolean;
  /** Exit status and output of each command in `InspectQuery.ask`, in the same order. */
  readonly answers: readonly { readonly status: number; readonly stdout: string }[];
}

/** Facts about a file whose text stays on the host. */
export interface Withheld {
  /** SHA-256 of the file. */
  readonly sha256: string;
  /** SHA-256 of its text without a kubeconfig's key and without line ends at the end. */
  readonly withoutKey: string;
  /** SHA-256 of the DER form of the key's public half; `unknown` if the host has no openssl, `unreadable` if there is no key. */
  readonly publicHalf: string;
  /** Whether the file contains only the key (or a kubeconfig contains only the key in the key's place). */
  readonly isAlone: boolean;
  /** PEM of the client certificate in a kubeconfig; empty in other files. */
  readonly certificate: string;
}

export interface InspectQuery {
  /** Paths, or globs with a pattern as file name: their content is returned. */
  readonly read?: readonly string[];
  /** Files whose certificates are returned: a key in the same file stays on the host. */
  readonly certificates?: readonly string[];
  /** Files with secrets: only the facts of `Withheld` are returned. */
  readonly withhold?: readonly string[];
  /** Further paths for the snapshot (not read): a state will need them, but the host's own list does not have them yet. */
  readonly paths?: readonly string[];
  /** Lines of POSIX sh, run as root. They must not change anything. */
  readonly ask?: readonly string[];
  /** Paths: the free space of their file systems is returned. */
  readonly disks?: readonly string[];
  /** What is looked for in the configuration of others. */
  readonly beside?: BesideQuery;
  /** Takes the host for this run, according to the session's claim. */
  readonly claim?: boolean;
}

/** The result of an apply. */
export interface Applied {
  readonly changes: readonly Change[];
  /** Restarted units (without those that were started for the first time). */
  readonly restarted: readonly string[];
  readonly started: readonly string[];
  readonly milliseconds: number;
}

/** A command that runs on a host. */
export interface RunningCommand {
  /**
   * Its stdout, to be read once. It ends when the command has ended.
   * @throws Problem COMMAND_TIMEOUT, CONNECTION_LOST, LOGIN_REFUSED, SUDO_REFUSED, HOST_NONSENSE
   */
  readonly output: AsyncGenerator<Buffer, void>;
  /** Writes to its stdin. */
  send(text: string): void;
  /** Its status and the last part of its stderr, when it has ended. @throws like `output` */
  finish(): Promise<{ readonly status: number; readonly stderr: string }>;
  /** Closes its channel: it gets no more input, and its output is not read. */
  end(): void;
}

/** One connected, locked host. Holds the host's lock until `close`, or until the connection is lost. */
export interface HostSession {
  readonly host: HostAddress;
  /** The first exchange. May be repeated; each call costs one round trip. */
  inspect(query: InspectQuery): Promise<Inspection>;
  /** The changes that this state would need; pure, from the last inspection. `scope` names the role whose list of placed things this is. */
  difference(scope: string, state: HostState): Promise<readonly Change[]>;
  /**
   * Changes the host to match the state. If nothing differs, this costs no round trip. Progress of long work is logged line by line.
   * @param onHold called each time when the clients of a unit must be held for a moment; see `Hold`.
   * @throws Problem with host, unit, last journal lines and a hint.
   */
  apply(scope: string, state: HostState, log: Log, onHold?: () => void): Promise<Applied>;
  /**
   * Removes all that the host's lists name and what the programs left, restores what was there before, and removes the lists last: a
   * reset that was killed is completed by the next one. A dry run only returns the changes.
   * @param onChange called as each change begins
   * @throws Problem RESET_BUSY, UNIT_FAILED, USER_FAILED, WRITE_FAILED and the others of an exchange
   */
  reset(log: Log, onChange?: (change: Change) => void): Promise<readonly Change[]>;
  /** Runs a line of POSIX sh as root, with `input` on stdin, a stream if it is large; secrets must only be passed on stdin. Does not throw for a status other than 0. */
  run(
    command: string,
    options?: { readonly input?: string | AsyncIterable<Uint8Array>; readonly timeoutSeconds?: number },
  ): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }>;
  /**
   * Starts a line of POSIX sh as root whose output is too long to be kept, or that waits for an answer.
   * @throws Problem of the connection
   */
  start(command: string, options: { readonly timeoutSeconds: number }): Promise<RunningCommand>;
  /** Reserves the host for this many seconds after its lock is released, for later jobs of this run. */
  holdClaim(seconds: number): Promise<void>;
  /** A TCP stream from the host's own network to `address:port`, for example HTTPS to an API server. */
  forward(address: string, port: number): Promise<import('node:stream').Duplex>;
  /**
   * Releases the lock and ends the session, which takes 2 s at most.
   * @param abruptly cuts the connection instead: the host stops its work at once, except for a restart that has started
   */
  close(abruptly?: boolean): Promise<void>;
}

/**
 * How a session uses the claim on its host. The claim records which run has the host, also between its jobs. Unlike the lock it outlives the
 * connection, and it records which run had it last.
 */
export type Claim = ClaimUse & {
  /** Absent where there is none. A run that is older than the last one and has another commit is refused: it would bring back an old file. */
  readonly commit?: { readonly id: string; readonly began: Date };
};

type ClaimUse =
  /** Waits until no other run has the host; `inspect` then takes it. */
  | { readonly as: 'first'; readonly waitSeconds: number }
  /**
   * Proceeds only if no other run has taken the host since; a run that never had it waits as it does for the lock. After the
   * session no other run may take the host for `holdSeconds`; `last` releases it at the end of the session, for any reason.
   */
  | { readonly as: 'later' | 'last'; readonly holdSeconds: number };

/** Options of a session. */
export interface OpenOptions {
  readonly dryRun: boolean;
  /** The session only reads: it takes no lock, and `apply` is refused. */
  readonly readOnly?: boolean;
  readonly log: Log;
  /** The name of this run, equal in all its jobs; other runs that find the host locked report it. */
  readonly holder?: string;
  /** The attempt of the run: equal in its jobs, and another when failed jobs are run again. Default: `holder`. */
  readonly attempt?: string;
  /** Default: this session may change the host regardless of claims. */
  readonly claim?: Claim | undefined;
  /** The connection is made at once, but the lock is requested only when this resolves; it never rejects. */
  readonly after?: Promise<unknown> | undefined;
  /** Also restart units if it is unknown whether a running cluster depends on them; see Rolling.live. */
  readonly forceRestart?: boolean;
  /** Seconds to wait for another run to release the host. Default: 60. */
  readonly lockSeconds?: number;
  /** Limits on the size and duration of the host's answers. Default: those of limits.ts. */
  readonly limits?: Partial<Limits>;
}

/** Connects, retries with backoff, takes the host's lock. `dryRun` sessions hold the lock shared and refuse `apply`. */
export type OpenHost = (host: HostAddress, access: SshAccess, options: OpenOptions) => Promise<HostSession>;
