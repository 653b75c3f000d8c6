import type { Kubectl } from '../../lab/kubectl.ts';
import { seedHosts } from './seed-hosts.ts';

export const leaseNames = ['kube-controller-manager', 'kube-scheduler'] as const;

/** The holder of a lease, by its name in cluster.yaml, and its number of transitions. */
export interface Held {
  readonly by: string;
  readonly transitions: number;
}

/** Both leases, read as an administrator. */
export async function readLeases(kubectl: Kubectl): Promise<Readonly<Record<(typeof leaseNames)[number], Held>>> {
  const all = await Promise.all(
    leaseNames.map(async (name) => {
      const { spec } = JSON.parse(await kubectl.must(['get', 'lease', '-n', 'kube-system', name, '-o', 'json']));
      const hostname = String(spec.holderIdentity).split('_')[0];
      const by = seedHosts.find((host) => host.hostname === hostname)?.name ?? String(spec.holderIdentity);
      return [name, { by, transitions: Number(spec.leaseTransitions ?? 0) }] as const;
    }),
  );
  return Object.fromEntries(all) as Record<(typeof leaseNames)[number], Held>;
}
