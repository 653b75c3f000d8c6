// What a run has found, as plain data. What could not be asked is absent, which never means that it does not exist.
import type { VersionName } from '../cluster/versions.ts';

/** A process and the version that it says it has. */
export interface ServedVersion {
  readonly host: string;
  readonly component: 'kube-apiserver' | 'kubelet' | 'etcd';
  readonly version: string;
}

/** A program or image that a run has put on a host. Whether it runs already is not known from this. */
export interface PlacedVersion {
  readonly host: string;
  readonly name: VersionName;
  /** The program, such as `kube-apiserver`. */
  readonly program: string;
  readonly version: string;
}

/** What is known of the cluster's versions. */
export interface ObservedVersions {
  readonly served: readonly ServedVersion[];
  readonly placed: readonly PlacedVersion[];
  /** Versions of the add-ons that the cluster has, from the images of their Deployments. */
  readonly addons: Partial<Readonly<Record<VersionName, string>>>;
}

/** A condition of a node that is true and should not be. */
export interface Pressure {
  /** `DiskPressure`. */
  readonly type: string;
  readonly reason: string;
}

/** What the API says of one node. */
export interface ObservedNode {
  readonly name: string;
  readonly uid: string;
  readonly ready: boolean;
  /** Why it is not Ready, in its own words. */
  readonly reason?: string;
  /** Its conditions for which pods are evicted or not placed, in its own words; absent if there are none. */
  readonly pressures?: readonly Pressure[];
  /** /etc/machine-id of the machine that registered it; empty when the kubelet has not reported it. */
  readonly machineId: string;
  readonly addresses: readonly string[];
  readonly kubeletVersion: string;
  /** As the kubelet has it: `containerd://2.3.4`. */
  readonly runtimeVersion: string;
  /** Its first subnet for pods; absent before the controller-manager has given it one. */
  readonly podSubnet?: string;
  readonly cordoned: boolean;
  /** The run of ours that has cordoned it, while that is so. */
  readonly cordonedBy?: string;
}
