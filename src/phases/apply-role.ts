import type { Host } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { podResolver } from '../components/resolver.ts';
import { stateFor } from '../components/roles.ts';
import type { Applied } from '../host/engine.ts';
import type { HostState } from '../host/state.ts';
import { changeInWords } from './change-words.ts';
import { holdWrites } from './hold-writes.ts';
import { withoutRole } from './new-cluster.ts';
import { newMasters } from './new-masters.ts';
import { onHosts } from './on-hosts.ts';
import type { Phase } from './phase.ts';
import { type Run, targetsOf } from './run.ts';
import { type Connected, inspectionOf, type Prepared, secretsOf, sessionOf } from './stages.ts';

/** The state that a host needs for one of its roles. */
export function roleState(run: Prepared, host: Host, role: Role): HostState {
  const { resolvedRuns, architecture, beside, selinux } = inspectionOf(run, host).facts;
  const { config: resolvConf } = podResolver(run.cluster, beside.resolvers, resolvedRuns);
  const etcdBootstrap = run.etcd.bootstrap.get(host.name);
  const members = { etcdBootstrap, etcdVoters: run.etcd.voters };
  const facts = {
    resolvConf,
    seLinux: selinux !== 'disabled',
    architecture,
    ...members,
    newMasters: newMasters(run, host),
  };
  return stateFor(run.cluster, host, role, secretsOf(run, host), facts);
}

/** Applies `state` to one host, or only logs the changes in a dry run, and records the result. */
export async function applyState(run: Connected, host: Host, scope: string, state: HostState): Promise<void> {
  recordChange(run, host, scope, await changed(run, host, scope, state));
}

/**
 * The same for several hosts in parallel. A dry run logs hosts in inventory order, so that two plans can be diffed;
 * a real run logs each host as it finishes.
 */
export async function applyStates(
  run: Connected,
  hosts: readonly Host[],
  scope: string,
  stateOf: (host: Host) => HostState,
  signal?: AbortSignal,
): Promise<void> {
  let before: Promise<unknown> | undefined;
  const apply = async (host: Host, turn: Promise<unknown> | undefined): Promise<void> => {
    const [applied] = await Promise.all([changed(run, host, scope, stateOf(host)), turn]);
    recordChange(run, host, scope, applied);
  };
  const inTurn = (host: Host): Promise<void> => {
    const applied = apply(host, before);
    if (run.dryRun) before = applied.catch(() => undefined);
    return applied;
  };
  await onHosts(hosts, inTurn, signal);
}

/** Whether the state restarts one of these units on the host. @throws Problem of the host */
export async function restartsOneOf(
  run: Connected,
  host: Host,
  scope: string,
  state: HostState,
  units: readonly string[],
): Promise<boolean> {
  const changes = await sessionOf(run, host).difference(scope, { ...state, owner: run.cluster.name });
  return changes.some(({ kind, subject }) => (kind === 'restart' || kind === 'start') && units.includes(subject));
}

async function changed(run: Connected, host: Host, scope: string, parts: HostState): Promise<Applied> {
  const session = sessionOf(run, host);
  // Each scope has it, so that also a host whose first run was killed is known as this cluster's.
  const state = { ...parts, owner: run.cluster.name };
  if (!run.dryRun) {
    const holds: Promise<void>[] = [];
    const applied = await session.apply(scope, state, run.log, () => holds.push(holdWrites(run)));
    await Promise.all(holds);
    return applied;
  }
  return { changes: await session.difference(scope, state), started: [], restarted: [], milliseconds: 0 };
}

function recordChange(run: Run, host: Host, scope: string, applied: Applied): void {
  for (const change of applied.changes) run.log.info(`${host.name}: ${changeInWords(change, run.dryRun)}`);
  run.results.push({ host: host.name, phase: scope, ...applied, ended: Date.now() });
}

/** Applies a role to its hosts in parallel; in a running cluster, restarts take turns automatically. */
export function applyRole(role: Role, title: string): Phase<Prepared> {
  return {
    title,
    async run(run, signal) {
      const stateOf = (host: Host) => {
        if (role === 'etcd' && !run.dryRun && !run.etcd.bootstrap.has(host.name))
          throw new Error(`etcd's members were not planned for ${host.name}`);
        return roleState(run, host, role);
      };
      await applyStates(run, withoutRole(run, targetsOf(run, role), role), role, stateOf, signal);
    },
  };
}
