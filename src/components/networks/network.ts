import type { Cluster, Host } from '../../cluster/cluster.ts';
import type { HostState, KernelModule } from '../../host/state.ts';
import type { KubernetesObject } from '../addons/object.ts';
import type { Architecture } from '../downloads.ts';

/** All that the product knows of one value of `network.plugin`. */
export interface PodNetwork {
  /** What a node is to have for it. */
  readonly state: (cluster: Cluster, host: Host, architecture: Architecture) => HostState;
  /** Objects that must be in the cluster before its first node joins. */
  readonly manifests: (cluster: Cluster) => readonly KubernetesObject[];
  /** The network is among the user's `addons.manifests`: without them no node becomes Ready, so they are applied before that is awaited. */
  readonly inUserManifests: boolean;
  /** UDP ports by which nodes reach each other; `unknown` where only the user knows what the network needs. */
  readonly udpPorts: (cluster: Cluster) => readonly number[] | 'unknown';
  /** Kernel modules beside those of every node. */
  readonly modules: (cluster: Cluster) => readonly KernelModule[];
  /** It makes Services work by itself, so that nodes get no kube-proxy. */
  readonly replacesKubeProxy: boolean;
}
