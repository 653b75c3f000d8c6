import type { Cluster, Host } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { type HostState, hostState, mergeStates } from '../host/state.ts';
import type { HostSecrets } from '../pki/secrets.ts';
import { apiserverState } from './apiserver.ts';
import { cniState } from './cni.ts';
import { containerdState } from './containerd.ts';
import { controllerManagerState } from './controller-manager.ts';
import { type Architecture, kubernetesBinary } from './downloads.ts';
import { etcdState } from './etcd.ts';
import { etcdBalancerState } from './etcd-balancer.ts';
import { haproxyState } from './haproxy.ts';
import { hostPreparation } from './host-preparation.ts';
import { kubeProxyState } from './kube-proxy.ts';
import { kubeletState } from './kubelet.ts';
import { podNetwork } from './networks/index.ts';
import { firewallTool } from './packages.ts';
import { withReads } from './reads.ts';
import { schedulerState } from './scheduler.ts';
import { rootKubeconfig, secretFiles } from './secret-files.ts';

/** What a state depends on that only the host itself knows: a part of the engine's facts. */
export interface HostFacts {
  readonly architecture: Architecture;
  /** systemd-resolved serves names on this host, so that /etc/resolv.conf is a stub that pods can't use. */
  readonly resolvedRuns: boolean;
}

/**
 * All that a host is to have for one of its roles. Roles are independent, so that each can be applied by a job of its
 * own; what two roles of one host share is equal in both. Units stand in their starting order.
 */
export function stateFor(cluster: Cluster, host: Host, role: Role, secrets: HostSecrets, facts: HostFacts): HostState {
  const parts = components[role](cluster, host, secrets, facts);
  return withReads(mergeStates([hostPreparation(cluster, host, role), secretFiles(role, secrets), ...parts]));
}

type Components = (cluster: Cluster, host: Host, secrets: HostSecrets, facts: HostFacts) => readonly HostState[];

const components: Readonly<Record<Role, Components>> = {
  etcd: (cluster, host, _secrets, { architecture }) => [etcdState(cluster, host, architecture)],
  master: (cluster, host, secrets, { architecture }) => [
    hostState({ downloads: [kubernetesBinary(cluster, architecture, 'kubectl')] }),
    rootKubeconfig(secrets),
    etcdBalancerState(cluster, host),
    apiserverState(cluster, host, architecture),
    controllerManagerState(cluster, host, architecture),
    schedulerState(cluster, host, architecture),
  ],
  node: (cluster, host, _secrets, facts) => [
    firewallTool(cluster),
    containerdState(cluster, facts.architecture),
    cniState(cluster, facts.architecture),
    haproxyState(cluster),
    kubeletState(cluster, host, facts),
    podNetwork(cluster).state(cluster, host, facts.architecture),
    ...(podNetwork(cluster).replacesKubeProxy ? [] : [kubeProxyState(cluster, host, facts.architecture)]),
  ],
};

/**
 * Only what takes long to get: binaries, packages. To be applied before the rest, on all hosts at once, and
 * under a scope of its own: under the role's scope, the engine would take the role's files for no longer wanted.
 */
export function downloadsOnly(state: HostState): HostState {
  const { packages, downloads, proxy } = state;
  return hostState({ packages, downloads, ...(proxy && { proxy }) });
}
