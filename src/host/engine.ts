import type { Log } from '../log.ts';
import type { Limits } from './limits.ts';
import type { HostState } from './state.ts';

/** How one host is reached. */
export interface HostAddress {
  /** The name for logs and errors. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly jump?: { readonly address: string; readonly port: number; readonly user: string };
}

/** How the runner proves who it is, and how hosts prove who they are. */
export interface SshAccess {
  /** PEM or OpenSSH text of the private key; absent: the agent of SSH_AUTH_SOCK. */
  readonly privateKey?: string;
  /** Text of a known_hosts file. A host that is not in it is refused, never accepted blindly. */
  readonly knownHosts: string;
  /** For one connection attempt, milliseconds. */
  readonly connectTimeout?: number;
  /** For each channel over a connection, until the host's SSH server has opened it, milliseconds. Default: 30,000. */
  readonly answerTimeout?: number;
  /** The number of connection retries. Default: 4. */
  readonly retries?: number;
}

/** What a host says of itself in the first exchange. */
export interface Facts {
  readonly hostname: string;
  readonly machineId: string;
  readonly os: { readonly id: string; readonly versionId: string; readonly name: string };
  /** As Go names it: `amd64` or `arm64`. */
  readonly architecture: string;
  readonly kernel: string;
  readonly systemdVersion: number;
  readonly cgroupVersion: 1 | 2;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Free MiB of the file systems that hold these paths. */
  readonly freeMiB: Readonly<Record<string, number>>;
  /** Host clock minus runner clock in ms, with half of the round trip taken out. */
  readonly clockSkewMs: number;
  readonly addresses: readonly { readonly interface: string; readonly address: string; readonly prefix: number }[];
  readonly swap: boolean;
  /** TCP ports that something listens on, with the systemd unit that owns the process where it is known (`''` otherwise). */
  readonly listening: readonly { readonly port: number; readonly address: string; readonly unit: string }[];
  readonly packageManager: 'apt' | 'dnf' | 'zypper' | 'none';
  readonly resolvedRuns: boolean;
  readonly selinux: 'enforcing' | 'permissive' | 'disabled';
  /** Firewalls that are active: firewalld, ufw. */
  readonly firewalls: readonly string[];
  /** Signs of a Kubernetes that is not ours: paths and units, in words. */
  readonly foreign: readonly string[];
}

/** One difference between what is and what is to be; `subject` is a path, unit, package, sysctl … */
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
    | 'remove';
  readonly subject: string;
  /** Why, in words that may be logged: `content differs`, `mode 644 → 600`, `missing`. Never a secret. */
  readonly reason: string;
}

/** What the first exchange found. Opaque but for these. */
export interface Inspection {
  readonly facts: Facts;
  /** Content of those of `InspectQuery.read` that exist, and the certificates in those of `InspectQuery.certificates`. */
  readonly files: ReadonlyMap<string, string>;
  /** What is known of those of `InspectQuery.withhold` that exist. */
  readonly withheld: ReadonlyMap<string, Withheld>;
  /** Scopes that were ever applied to this host. */
  readonly scopes: readonly string[];
  /** Exit status and output of `InspectQuery.ask`, in the same order. */
  readonly answers: readonly { readonly status: number; readonly stdout: string }[];
}

/** What a host says of a file whose text stays there. */
export interface Withheld {
  /** SHA-256 of the file. */
  readonly sha256: string;
  /** SHA-256 of its text without a kubeconfig's key, and without line ends at its end. */
  readonly withoutKey: string;
  /** SHA-256 of the DER form of its key's public half; `unknown` where the host has no openssl, `unreadable` where there is no key. */
  readonly publicHalf: string;
  /** Whether the file contains only the key (or a kubeconfig contains only the key in the key's place). */
  readonly isAlone: boolean;
  /** PEM of the client certificate in a kubeconfig; empty in other files. */
  readonly certificate: string;
}

export interface InspectQuery {
  /** Paths, or globs ending in a file name pattern, whose content is wanted back. */
  readonly read?: readonly string[];
  /** Files of which only the certificates are wanted: a key beside them stays on the host. */
  readonly certificates?: readonly string[];
  /** Files with secrets of which only is to be known what `Withheld` says. */
  readonly withhold?: readonly string[];
  /** Further paths to look at (not read) because a state will want them, though the host's own list does not have them yet. */
  readonly paths?: readonly string[];
  /** Lines of POSIX sh, run as root, read-only by contract. */
  readonly ask?: readonly string[];
  /** Report free space of the file systems holding these. */
  readonly disks?: readonly string[];
  /** From now on the host is this run's, as the session's claim says. */
  readonly claim?: boolean;
}

/** What an apply did. */
export interface Applied {
  readonly changes: readonly Change[];
  /** Units that were restarted (not those started for the first time). */
  readonly restarted: readonly string[];
  readonly started: readonly string[];
  readonly milliseconds: number;
}

/** One connected, locked host. Holds the host's lock until `close`, or until the connection goes. */
export interface HostSession {
  readonly host: HostAddress;
  /** The first exchange. May be repeated; each call is one round trip. */
  inspect(query: InspectQuery): Promise<Inspection>;
  /** What would change for this state; pure, from the last inspection. `scope` names the role whose list of placed things this is. */
  difference(scope: string, state: HostState): Promise<readonly Change[]>;
  /**
   * Makes the host what the state says. Nothing to change costs no round trip. Progress of long work is logged line by line.
   * @param onHold called each time when a unit's clients are to be held for a moment; see `Hold`.
   * @throws Problem with host, unit, last journal lines and a hint.
   */
  apply(scope: string, state: HostState, log: Log, onHold?: () => void): Promise<Applied>;
  /** Runs a line of POSIX sh as root, with `input` on stdin; secrets go by stdin only. Does not throw for a status other than 0. */
  run(
    command: string,
    options?: { readonly input?: string; readonly timeoutSeconds?: number },
  ): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }>;
  /** Reserves the host for this many seconds after its lock is released: more jobs of this run follow. */
  holdClaim(seconds: number): Promise<void>;
  /** A TCP stream from the host's own network to `address:port`, for HTTPS to an API server. */
  forward(address: string, port: number): Promise<import('node:stream').Duplex>;
  /**
   * Gives the lock back and leaves, which takes 2 s at most.
   * @param abruptly cuts the connection instead: the host ends at once what it is asked to do, but for a restart that has begun
   */
  close(abruptly?: boolean): Promise<void>;
}

/**
 * What a session has to do with the claim on its host: which run has it, also between its jobs. Unlike the lock it outlives the
 * connection, and it remembers who had it last.
 */
export type Claim =
  /** Waits until no other run has the host; `inspect` takes it then. */
  | { readonly as: 'first'; readonly waitSeconds: number }
  /**
   * Proceeds only if no other run has taken the host since; a run that never had it waits as for the lock. Then no other
   * run may take the host for that time; `last` releases it at the end of the session, for any reason.
   */
  | { readonly as: 'later' | 'last'; readonly holdSeconds: number };

/** How a session is held. */
export interface OpenOptions {
  readonly dryRun: boolean;
  /** The host is only asked something: its lock is left to those who change it, and `apply` is refused. */
  readonly readOnly?: boolean;
  readonly log: Log;
  /** The name of this run, equal in all its jobs; other runs that find the host locked report it. */
  readonly holder?: string;
  /** Absent: this session may change the host regardless of claims. */
  readonly claim?: Claim | undefined;
  /** The connection is made meanwhile, but the lock is only asked for when this has come to pass; it never rejects. */
  readonly after?: Promise<unknown> | undefined;
  /** Restart also what may serve a living cluster that could not be asked; see Rolling.live. */
  readonly forceRestart?: boolean;
  /** Seconds to wait for another run to release the host. Default: 60. */
  readonly lockSeconds?: number;
  /** How much the host may say and how long it may take; those of limits.ts where absent. */
  readonly limits?: Partial<Limits>;
}

/** Connects, retries with backoff, takes the host's lock. `dryRun` sessions hold the lock shared and refuse `apply`. */
export type OpenHost = (host: HostAddress, access: SshAccess, options: OpenOptions) => Promise<HostSession>;
