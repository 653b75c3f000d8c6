import type { Cluster } from '../../cluster/cluster.ts';
import { flannel } from './flannel.ts';
import type { PodNetwork } from './network.ts';
import { none } from './none.ts';

export type { PodNetwork } from './network.ts';

const networks: Readonly<Record<Cluster['network']['plugin'], PodNetwork>> = { flannel, none };

/** The pod network that cluster.yaml names. */
export function podNetwork({ network }: Cluster): PodNetwork {
  return networks[network.plugin];
}
