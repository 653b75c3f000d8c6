import type { Host } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { type ApiClient, inTurn } from '../kubernetes/index.ts';
import { type Run, targetsOf } from './run.ts';

/** Work in the turn of a host. Its signal aborts when the run is cancelled or the turn is lost. */
type InTurn = (
  api: ApiClient,
  host: Host,
  signal: AbortSignal,
  work: (turn: AbortSignal) => Promise<void>,
) => Promise<void>;

/**
 * The turns of a role's upgrades: at most `slots` hosts of the whole cluster at a time, also if their jobs run on other runners. A turn is
 * a Lease in kube-system (`k8s-ha-action-ROLE-upgrade-0` …).
 */
export function upgradeTurns(run: Run, role: Role, slots: number): InTurn {
  const { name, attempt, log } = run;
  const own = new Set(targetsOf(run, role).map((host) => host.name));
  const active = new Set<string>();
  // A run works on a host only while it has the host's lock, which this run has now.
  const isGone = (other: string) => own.has(other.slice(other.lastIndexOf(' ') + 1)) && !active.has(other);
  return async (api, host, signal, work) => {
    const holder = `${name} ${host.name}`;
    active.add(holder);
    try {
      await inTurn(api, { slots, name: `k8s-ha-action-${role}-upgrade`, holder, attempt, isGone, log, signal }, work);
    } finally {
      active.delete(holder);
    }
  };
}
