import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { Problem, problemsOf } from '../errors.ts';
import type { Change, HostSession, Inspection, SshAccess } from '../host/engine.ts';
import type { Log } from '../log.ts';
import type { HostSecrets } from '../pki/secrets.ts';
import { reportOpenings } from './report-openings.ts';

/** What happened to one host in one phase. */
export interface HostResult {
  readonly host: string;
  readonly phase: string;
  readonly changes: readonly Change[];
  readonly started: readonly string[];
  readonly restarted: readonly string[];
  readonly milliseconds: number;
}

/** One run of an action: what it was asked, and what its phases have learnt so far. */
export interface Run {
  readonly cluster: Cluster;
  readonly access: SshAccess;
  readonly dryRun: boolean;
  /** The workflow run: the same in all its jobs, and in no other run. */
  readonly name: string;
  readonly log: Log;
  readonly now: Date;
  /** Makes sure that values are never printed; called before they could be. */
  readonly mask: (values: Iterable<string>) => void;
  /** The hosts that each role's phases change: all of the role, or those of a matrix job. */
  readonly targets: ReadonlyMap<Role, readonly Host[]>;
  /** Names of hosts that were replaced: they may join again although the cluster has a Ready node of theirs. */
  readonly rejoin: ReadonlySet<string>;
  readonly sessions: Map<string, HostSession>;
  readonly inspections: Map<string, Inspection>;
  /** By host; filled by the phase that prepares secrets or opens bundles. */
  readonly secrets: Map<string, HostSecrets>;
  /** Paths of certificates that were issued, with their hosts. */
  readonly issued: string[];
  /** Names of changes to the cluster's own objects. */
  readonly objects: string[];
  readonly results: HostResult[];
  readonly timings: { readonly phase: string; readonly milliseconds: number }[];
}

/** A step that a reader can name: a title for the log and what it does. */
export interface Phase {
  readonly title: string;
  run(run: Run): Promise<void>;
}

/** A run over all hosts of the cluster, or over those named for some roles. */
export function newRun(
  parts: Pick<Run, 'cluster' | 'access' | 'dryRun' | 'name' | 'log' | 'mask'> & {
    readonly targets?: ReadonlyMap<Role, readonly string[]>;
    readonly rejoin?: readonly string[];
  },
): Run {
  const { cluster, access, dryRun, name, log, mask } = parts;
  const all: readonly Role[] = ['etcd', 'master', 'node'];
  const named = parts.targets ?? new Map(all.map((role) => [role, hostsWith(cluster, role).map((host) => host.name)]));
  const targets = new Map(
    [...named].map(([role, names]) => [role, hostsWith(cluster, role).filter((host) => names.includes(host.name))]),
  );
  return {
    cluster,
    access,
    dryRun,
    name,
    log,
    mask,
    targets,
    rejoin: new Set(parts.rejoin),
    now: new Date(),
    sessions: new Map(),
    inspections: new Map(),
    secrets: new Map(),
    issued: [],
    objects: [],
    results: [],
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

/**
 * Runs phases in order, each under its own heading, and closes every connection whatever happens. A dry run first reports
 * what cluster.yaml opens: also when a later phase fails.
 * @throws AggregateError of Problems, each with its phase and host.
 */
export async function runPhases(run: Run, phases: readonly Phase[]): Promise<void> {
  try {
    for (const phase of [...(run.dryRun ? [reportOpenings] : []), ...phases]) await runPhase(run, phase);
  } finally {
    await closeSessions(run);
  }
}

async function runPhase(run: Run, phase: Phase): Promise<void> {
  const begin = performance.now();
  try {
    await run.log.group(phase.title, () => phase.run(run));
  } catch (error) {
    const parts = problemsOf(error).map((part) =>
      part instanceof Problem ? part.within({ phase: phase.title }) : part,
    );
    throw new AggregateError(parts, `${phase.title} failed`);
  } finally {
    run.timings.push({ phase: phase.title, milliseconds: performance.now() - begin });
  }
}

async function closeSessions(run: Run): Promise<void> {
  await Promise.allSettled([...run.sessions.values()].map((session) => session.close()));
  run.sessions.clear();
}

/**
 * Does the same on many hosts at once; every host is tried, whatever happens to the others.
 * @throws AggregateError with the problems of all hosts that failed.
 */
export async function onHosts<T>(hosts: readonly Host[], work: (host: Host) => Promise<T>): Promise<readonly T[]> {
  const settled = await Promise.allSettled(hosts.map((host) => work(host)));
  const failed = settled.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? problemsOf(outcome.reason).map((part) => placed(part, hosts[index])) : [],
  );
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} of ${hosts.length} hosts failed`);
  return settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

function placed(error: unknown, host: Host | undefined): unknown {
  return error instanceof Problem ? error.within({ host: host?.name }) : error;
}

/** The open session of a host; asking for one that no phase has connected is a defect of ours. */
export function sessionOf(run: Run, host: Host): HostSession {
  const session = run.sessions.get(host.name);
  if (!session) throw new Error(`no connection to ${host.name}: connect-hosts has to come first`);
  return session;
}

/** What the first exchange found on a host. */
export function inspectionOf(run: Run, host: Host): Inspection {
  const inspection = run.inspections.get(host.name);
  if (!inspection) throw new Error(`${host.name} has not been inspected: gather-facts has to come first`);
  return inspection;
}

/** The secrets of a host. */
export function secretsOf(run: Run, host: Host): HostSecrets {
  const secrets = run.secrets.get(host.name);
  if (!secrets) throw new Error(`no secrets for ${host.name}: prepare-secrets or open-bundles has to come first`);
  return secrets;
}
