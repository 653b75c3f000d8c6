import type { Cluster } from '../../cluster/cluster.ts';
import { podNetwork } from '../networks/index.ts';
import { bootstrapBindings } from './bootstrap.ts';
import { coredns } from './coredns.ts';
import { metricsServer } from './metrics-server.ts';
import type { KubernetesObject } from './object.ts';

export type { KubernetesObject } from './object.ts';

/** What must be in the cluster before its first node joins. */
export function bootstrapManifests(cluster: Cluster): readonly KubernetesObject[] {
  return [...bootstrapBindings(), ...podNetwork(cluster).manifests(cluster)];
}

/** The add-ons that cluster.yaml wants, in the order in which they are to be applied. */
export function addonManifests(cluster: Cluster): readonly KubernetesObject[] {
  const { addons } = cluster;
  return [...(addons.coredns ? coredns(cluster) : []), ...(addons.metricsServer ? metricsServer(cluster) : [])];
}
