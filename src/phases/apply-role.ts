import type { Host } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { downloadsOnly, stateFor } from '../components/roles.ts';
import type { Applied } from '../host/engine.ts';
import type { HostState } from '../host/state.ts';
import { changeInWords } from './change-words.ts';
import { holdWrites } from './hold-writes.ts';
import { allTargets, inspectionOf, onHosts, type Phase, type Run, secretsOf, sessionOf, targetsOf } from './run.ts';

/** What a host is to have for one of its roles. */
export function roleState(run: Run, host: Host, role: Role): HostState {
  const { resolvedRuns, architecture } = inspectionOf(run, host).facts;
  return stateFor(run.cluster, host, role, secretsOf(run, host), { resolvedRuns, architecture });
}

/** Makes one host what `state` says, or only says what would change, and keeps what happened. */
export async function applyState(run: Run, host: Host, scope: string, state: HostState): Promise<void> {
  keep(run, host, scope, await changed(run, host, scope, state));
}

/** The same for several hosts at once. A plan tells of them in their order, so that two can be compared; a run as each is done. */
export async function applyStates(
  run: Run,
  hosts: readonly Host[],
  scope: string,
  stateOf: (host: Host) => HostState,
): Promise<void> {
  let before: Promise<unknown> | undefined;
  const apply = async (host: Host, turn: Promise<unknown> | undefined): Promise<void> => {
    const [applied] = await Promise.all([changed(run, host, scope, stateOf(host)), turn]);
    keep(run, host, scope, applied);
  };
  await onHosts(hosts, (host) => {
    const told = apply(host, before);
    if (run.dryRun) before = told.catch(() => undefined);
    return told;
  });
}

async function changed(run: Run, host: Host, scope: string, state: HostState): Promise<Applied> {
  const session = sessionOf(run, host);
  if (!run.dryRun) {
    const holds: Promise<void>[] = [];
    const applied = await session.apply(scope, state, run.log, () => holds.push(holdWrites(run)));
    await Promise.all(holds);
    return applied;
  }
  return { changes: await session.difference(scope, state), started: [], restarted: [], milliseconds: 0 };
}

function keep(run: Run, host: Host, scope: string, applied: Applied): void {
  for (const change of applied.changes) run.log.info(`${host.name}: ${changeInWords(change, run.dryRun)}`);
  run.results.push({ host: host.name, phase: scope, ...applied });
}

/** Binaries and packages of all roles on all hosts at once, before anything is started: the bulk of a first deployment. */
export const fetchBinaries: Phase = {
  title: 'Fetch binaries',
  async run(run) {
    // A dry run would name each of them twice: the roles' own phases list them too.
    if (run.dryRun) return;
    await onHosts(allTargets(run), async (host) => {
      for (const role of rolesOf(run, host)) {
        await applyState(run, host, `${role}-binaries`, downloadsOnly(roleState(run, host, role)));
      }
    });
  },
};

/** Makes the hosts of a role what that role needs, all at once; on a live cluster the restarts take turns by themselves. */
export function applyRole(role: Role, title: string): Phase {
  return {
    title,
    async run(run) {
      await applyStates(run, targetsOf(run, role), role, (host) => roleState(run, host, role));
    },
  };
}

function rolesOf(run: Run, host: Host): readonly Role[] {
  return host.roles.filter((role) => targetsOf(run, role).includes(host));
}
