import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import type { Change, HostSession, SshAccess } from '../host/engine.ts';
import type { KeptConnections } from '../kubernetes/index.ts';
import { type Role, roles } from '../layout/roles.ts';
import type { Log } from '../log.ts';
import type { MemberFacts } from '../plan/member-plan.ts';

/** The result of one host in one phase. */
export interface HostResult {
  readonly host: string;
  readonly phase: string;
  readonly changes: readonly Change[];
  readonly started: readonly string[];
  readonly restarted: readonly string[];
  readonly milliseconds: number;
  /** When it ended, by the runner's clock, in milliseconds since 1970. */
  readonly ended?: number;
}

/** A drain of a node that has ended, for an upgrade. */
export interface Drain {
  readonly host: string;
  readonly milliseconds: number;
  /** By the runner's clock, in milliseconds since 1970. */
  readonly ended: number;
}

/** What a run knows of etcd's members. */
export interface EtcdRun {
  /** Absent: they were not planned (yet). */
  facts: MemberFacts | undefined;
  /** Names of the file's hosts whose members vote now; empty: unknown. */
  voters: readonly string[];
  /** By host: the text that tells its member with whom to begin; absent until the plan or a change of members decides it. */
  readonly bootstrap: Map<string, string>;
}

/** Runs `upgrade.gate` on the runner for a host whose upgrade is done. Its output is untrusted. */
export type GateCommand = (
  cluster: Cluster,
  host: Host,
  role: Role,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly output: string }>;

/** Connections to an API server through a master's session, with its kubeconfig. */
export interface KeptApi {
  readonly session: HostSession;
  readonly conf: string;
  readonly connections: KeptConnections;
}

/** One run of an action: its inputs and its results so far. */
export interface Run {
  readonly cluster: Cluster;
  readonly access: SshAccess;
  readonly dryRun: boolean;
  /** The workflow run: the same in all its jobs, and in no other run. */
  readonly name: string;
  /** The attempt of the workflow run: the same in all its jobs, and another when failed jobs are run again. */
  readonly attempt: string;
  /** The commit whose cluster.yaml is applied; absent outside of GitHub. */
  readonly commit: string | undefined;
  readonly log: Log;
  readonly now: Date;
  /** Masks values; must be called before they could be printed. */
  readonly mask: (values: Iterable<string>) => void;
  /** The hosts that each role's phases change: all hosts of the role, or those of a matrix job. */
  readonly targets: ReadonlyMap<Role, readonly Host[]>;
  /** Names of hosts that were replaced: they may join again although the cluster has a Ready node of theirs. */
  readonly rejoin: ReadonlySet<string>;
  /** Members of the cluster that cluster.yaml no longer has and that the user lets go: names of nodes and etcd members, addresses of API servers. */
  readonly forget: ReadonlySet<string>;
  /** Open connections by host's name; each is closed at the end of the run. Phases get them as `Connected`. */
  readonly connections: Map<string, HostSession>;
  /** Kept connections to API servers, by the name of the master and the address; the end of the run closes them. */
  readonly apiConnections: Map<string, KeptApi>;
  /** Paths of issued certificates, with their hosts. */
  readonly issued: string[];
  readonly etcd: EtcdRun;
  /** Absent where the command must not run: cluster.yaml has none, or nothing is changed. */
  readonly gate: GateCommand | undefined;
  /** Names of changes to the cluster's own objects. */
  readonly objects: string[];
  readonly results: HostResult[];
  readonly drains: Drain[];
  readonly timings: { readonly phase: string; readonly milliseconds: number }[];
}

/** A run over all hosts of the cluster, or over those named for some roles. */
export function newRun(
  parts: Pick<Run, 'cluster' | 'access' | 'dryRun' | 'name' | 'log' | 'mask'> & {
    /** Default: the run's name. */
    readonly attempt?: string;
    readonly commit?: string | undefined;
    readonly targets?: ReadonlyMap<Role, readonly string[]>;
    readonly rejoin?: readonly string[];
    readonly forget?: readonly string[];
    readonly gate?: GateCommand | undefined;
  },
): Run {
  const { cluster, access, dryRun, name, log, mask } = parts;
  const named =
    parts.targets ?? new Map(roles.map((role) => [role, hostsWith(cluster, role).map((host) => host.name)]));
  const targets = new Map(
    [...named].map(([role, names]) => [role, hostsWith(cluster, role).filter((host) => names.includes(host.name))]),
  );
  return {
    cluster,
    access,
    dryRun,
    name,
    attempt: parts.attempt ?? name,
    commit: parts.commit,
    log,
    mask,
    targets,
    rejoin: new Set(parts.rejoin),
    forget: new Set(parts.forget),
    now: new Date(),
    connections: new Map(),
    apiConnections: new Map(),
    issued: [],
    etcd: { facts: undefined, voters: [], bootstrap: new Map() },
    gate: dryRun ? undefined : parts.gate,
    objects: [],
    results: [],
    drains: [],
    timings: [],
  };
}

/** The hosts of a role that this run changes. */
export function targetsOf(run: Run, role: Role): readonly Host[] {
  return run.targets.get(role) ?? [];
}

/** All hosts that this run changes, each once. */
export function allTargets(run: Run): readonly Host[] {
  const names = new Set([...run.targets.values()].flat().map((host) => host.name));
  return run.cluster.hosts.filter((host) => names.has(host.name));
}
