/** The default versions of components; the newest patch releases that work together (autumn 2026). */
export const defaultVersions = {
  kubernetes: '1.37.2',
  etcd: '3.7.3',
  containerd: '2.4.2',
  runc: '1.5.2',
  cniPlugins: '1.9.1',
  flannel: '0.28.10',
  pause: '3.10.2',
  coredns: '1.15.0',
  metricsServer: '0.9.0',
} as const;

/** Software whose version cluster.yaml can name: `kubernetesVersion`, and the keys of `versions`. */
export type VersionName = keyof typeof defaultVersions;
export const versionNames = Object.keys(defaultVersions) as readonly VersionName[];

/**
 * By etcd's minor 3.N: the oldest release of 3.(N-1) from which all members may go to it.
 * Source: etcd.io/docs/v3.6/upgrades/upgrade_3_6 and v3.7/upgrades/upgrade_3_7
 */
export const etcdHopFloors: Readonly<Record<number, string>> = { 6: '3.5.26', 7: '3.6.11' };

/** The differences between minor versions of Kubernetes that this product needs. CONTRIBUTING.md says how to add one. */
export interface KubernetesMinor {
  /** The oldest etcd for its API servers (kubeadm's SupportedEtcdVersion and the release notes). */
  readonly oldestEtcd: string;
  /** Whether its kubelet exits on a host with cgroup v1, unless `failCgroupV1: false` is set (KEP 5573). */
  readonly refusesCgroupV1: boolean;
  /** Feature gates for its controller-manager; an unknown gate ends the program. */
  readonly controllerManagerGates: readonly string[];
  /** The last day with patch releases. Source: kubernetes.io/releases/1.N */
  readonly endOfLife: string;
}

/**
 * Without this gate a leader that stops keeps its lease, and the others wait for its end as after a crash: 15 s
 * instead of 2. Alpha since 1.36, unknown before (KEP 5366).
 */
const releaseLease = 'ControllerManagerReleaseLeaderElectionLockOnExit=true';

/** The minor versions whose flags the components know. A flag that one of them no longer has is in src/cluster/settings, under `gone`. */
export const kubernetesMinors = {
  34: { oldestEtcd: '3.5.24', refusesCgroupV1: false, controllerManagerGates: [], endOfLife: '2026-10-27' },
  35: { oldestEtcd: '3.5.24', refusesCgroupV1: true, controllerManagerGates: [], endOfLife: '2027-02-28' },
  36: { oldestEtcd: '3.5.24', refusesCgroupV1: true, controllerManagerGates: [releaseLease], endOfLife: '2027-06-28' },
  37: { oldestEtcd: '3.5.24', refusesCgroupV1: true, controllerManagerGates: [releaseLease], endOfLife: '2027-10-28' },
} as const satisfies Readonly<Record<number, KubernetesMinor>>;

/** In ascending order. */
export const supportedMinors = Object.keys(kubernetesMinors).map(Number) as readonly (keyof typeof kubernetesMinors)[];

/**
 * What the product knows of a minor version.
 * @throws RangeError when it is not supported; the checks of cluster.yaml have said so before
 */
export function kubernetesMinor(minor: number): KubernetesMinor {
  const found = supportedMinors.find((supported) => supported === minor);
  if (found === undefined) throw new RangeError(`Kubernetes 1.${minor} is not supported`);
  return kubernetesMinors[found];
}

/** The end of the last day on which a minor version gets patch releases; undefined for one that is not in the table. */
export function endOfLife(minor: number): Date | undefined {
  const found = supportedMinors.find((supported) => supported === minor);
  return found && new Date(`${kubernetesMinors[found].endOfLife}T23:59:59Z`);
}
