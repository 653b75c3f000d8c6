import type { Cluster } from '../../cluster/cluster.ts';
import { podNetwork } from '../networks/index.ts';
import { bootstrapBindings } from './bootstrap.ts';
import { coredns } from './coredns.ts';
import { metricsServer } from './metrics-server.ts';
import type { KubernetesObject } from './object.ts';

export type { KubernetesObject } from './object.ts';

/** The objects that must be in the cluster before its first node joins. */
export function bootstrapManifests(cluster: Cluster): readonly KubernetesObject[] {
  return [...bootstrapBindings(), ...podNetwork(cluster).manifests(cluster)];
}

/** The add-ons that cluster.yaml enables, in the order in which they must be applied. */
export function addonManifests(cluster: Cluster): readonly KubernetesObject[] {
  const { addons } = cluster;
  return [...(addons.coredns ? coredns(cluster) : []), ...(addons.metricsServer ? metricsServer(cluster) : [])];
}
