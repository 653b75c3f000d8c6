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

/** The facts of a host that its state depends on: a part of the engine's facts. */
export interface HostFacts {
  readonly architecture: Architecture;
  /** The file with the name servers of pods; absent: the kubelet's default. */
  readonly resolvConf?: string | undefined;
  /** Whether the host has SELinux, enforcing or not. */
  readonly seLinux?: boolean;
  /** The text that tells a member of etcd with whom to begin. */
  readonly etcdBootstrap?: string | undefined;
  /** Hosts whose members of etcd vote now; absent or empty: all of the file. */
  readonly etcdVoters?: readonly string[];
  /** Masters that had no API server yet when the run began; absent: none. */
  readonly newMasters?: readonly string[];
}

/**
 * The complete state of a host for one of its roles. Roles are independent, so a separate job can apply each of them;
 * the parts that two roles of one host share are equal in both. Units are in the order of their start.
 */
export function stateFor(cluster: Cluster, host: Host, role: Role, secrets: HostSecrets, facts: HostFacts): HostState {
  const parts = components[role](cluster, host, secrets, facts);
  return withReads(mergeStates([hostPreparation(cluster, host, role), secretFiles(role, secrets), ...parts]));
}

type Components = (cluster: Cluster, host: Host, secrets: HostSecrets, facts: HostFacts) => readonly HostState[];

const components: Readonly<Record<Role, Components>> = {
  etcd: (cluster, host, _secrets, facts) => [etcdState(cluster, host, facts)],
  master: (cluster, host, secrets, { architecture, newMasters, seLinux }) => [
    hostState({ downloads: [kubernetesBinary(cluster, architecture, 'kubectl')] }),
    rootKubeconfig(secrets),
    etcdBalancerState(cluster, host, { newMasters, seLinux }),
    apiserverState(cluster, host, architecture, newMasters),
    controllerManagerState(cluster, host, architecture, secrets),
    schedulerState(cluster, host, architecture),
  ],
  node: (cluster, host, _secrets, facts) => [
    firewallTool(cluster),
    containerdState(cluster, facts.architecture),
    cniState(cluster, facts.architecture),
    haproxyState(cluster, facts.seLinux),
    kubeletState(cluster, host, facts),
    podNetwork(cluster).state(cluster, host, facts.architecture),
    ...(podNetwork(cluster).replacesKubeProxy ? [] : [kubeProxyState(cluster, host, facts.architecture)]),
  ],
};

/**
 * Only the parts that take long to get: binaries and packages. They are applied before the rest, on all hosts at once, and
 * under a separate scope: under the role's scope, the engine would consider the role's other files as no longer wanted. A new version of a
 * binary that is there already is only fetched: the role's state places it.
 */
export function downloadsOnly(role: Role, state: HostState): HostState {
  const { packages, downloads, proxy } = state;
  return hostState({ packages, downloads, stagedFor: role, ...(proxy && { proxy }) });
}
