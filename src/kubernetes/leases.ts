import type { Host } from '../cluster/cluster.ts';
import { components, withoutSuffix } from '../layout/components.ts';
import type { ApiClient } from './api-client.ts';
import type { Lease } from './objects.ts';

/** The two leader-elected components; each has a Lease of the name of its program, as its unit has. */
export const elected = [components.controllerManager, components.scheduler].map(({ unit }) => withoutSuffix(unit));
export type Elected = (typeof elected)[number];

/** A leader's Lease, with the host names of cluster.yaml. */
export interface LeaseView {
  readonly lease: Elected;
  /** `<hostname>_<uuid>`; empty after a leader released it. */
  readonly holder: string;
  /** The inventory's name of the host that holds it; undefined if no host holds it, or one that is not in cluster.yaml. */
  readonly host: string | undefined;
  readonly transitions: number;
  readonly acquired: Date | undefined;
  readonly renewed: Date | undefined;
  readonly durationSeconds: number;
}

/** Now, in the form of the API's MicroTime: six digits after the second. */
export const microTime = (): string => new Date().toISOString().replace('Z', '000Z');

const collection = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';

/**
 * The inventory's host whose own name is `hostname`.
 * `hostnames` has the names that the hosts themselves report, for hosts without a name in cluster.yaml.
 */
export function hostByHostname(
  hosts: readonly Host[],
  hostname: string,
  hostnames: ReadonlyMap<string, string> = new Map(),
): string | undefined {
  const wanted = hostname.toLowerCase();
  const named = (host: Host) =>
    [hostnames.get(host.name), host.hostname, host.nodeName, host.name].some((name) => name?.toLowerCase() === wanted);
  return hosts.find(named)?.name;
}

/** Converts a Lease; undefined if it is not one of the two. */
export function leaseView(
  { metadata, spec }: Lease,
  hosts: readonly Host[],
  hostnames?: ReadonlyMap<string, string>,
): LeaseView | undefined {
  const lease = elected.find((name) => name === metadata.name);
  if (!lease) return undefined;
  const holder = spec?.holderIdentity ?? '';
  // A host's name has no underscore, and neither has a uuid.
  const hostname = holder.slice(0, Math.max(0, holder.lastIndexOf('_')));
  return {
    lease,
    holder,
    host: hostname === '' ? undefined : hostByHostname(hosts, hostname, hostnames),
    transitions: spec?.leaseTransitions ?? 0,
    acquired: dateOf(spec?.acquireTime),
    renewed: dateOf(spec?.renewTime),
    durationSeconds: spec?.leaseDurationSeconds ?? 0,
  };
}

/** An invalid time counts as unknown, like a missing one. */
function dateOf(text: string | null | undefined): Date | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : new Date(time);
}

/** Both leases in their current state; one that was never taken is missing. @throws ApiProblem */
export async function readLeases(
  api: ApiClient,
  hosts: readonly Host[],
  hostnames?: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<Elected, LeaseView>> {
  const { items } = await api.list<Lease>(collection);
  const views = items.map((item) => leaseView(item, hosts, hostnames)).filter((view) => view !== undefined);
  return new Map(views.map((view) => [view.lease, view]));
}

/** Calls `onLease` with each state of either lease, first with the current ones, until `signal` aborts. @throws ApiProblem */
export async function watchLeases(
  api: ApiClient,
  hosts: readonly Host[],
  options: {
    readonly onLease: (view: LeaseView) => void;
    readonly onLost?: (reason: string) => void;
    readonly signal: AbortSignal;
    readonly hostnames?: ReadonlyMap<string, string> | undefined;
  },
): Promise<void> {
  const { onLease, onLost, signal, hostnames } = options;
  await api.watch<Lease>(collection, {
    signal,
    // Leases are renewed every 2 s, so a silence of this length is a lost connection.
    idleMs: 15_000,
    ...(onLost && { onLost }),
    onEvent: ({ type, object }) => {
      const view = type === 'DELETED' ? undefined : leaseView(object, hosts, hostnames);
      if (view) onLease(view);
    },
  });
}
