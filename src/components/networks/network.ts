import type { Cluster, Host } from '../../cluster/cluster.ts';
import type { HostState, KernelModule } from '../../host/state.ts';
import type { KubernetesObject } from '../addons/object.ts';
import type { Architecture } from '../downloads.ts';

/** Everything about one value of `network.plugin`. */
export interface PodNetwork {
  /** The state that a node needs for it. */
  readonly state: (cluster: Cluster, host: Host, architecture: Architecture) => HostState;
  /** Objects that must be in the cluster before its first node joins. */
  readonly manifests: (cluster: Cluster) => readonly KubernetesObject[];
  /** The network is among the user's `addons.manifests`: no node becomes Ready before they are applied, so they are applied before the wait for Ready. */
  readonly inUserManifests: boolean;
  /** Kernel modules in addition to those of every node. */
  readonly modules: (cluster: Cluster) => readonly KernelModule[];
  /** The network implements Services itself, so nodes get no kube-proxy. */
  readonly replacesKubeProxy: boolean;
}
