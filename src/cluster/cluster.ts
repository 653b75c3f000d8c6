import { etcdClientUrl } from '../layout/addresses.ts';
import type { Lock } from './lock.ts';
import type { Opening } from './openings.ts';
import type { ClusterFile, Role } from './schema.ts';
import type { VersionName } from './versions.ts';

/** A host with all defaults filled in. */
export interface Host {
  readonly name: string;
  readonly address: string;
  readonly roles: readonly Role[];
  /** Present if the host's own name must be set. */
  readonly hostname?: string;
  /** The name of its Node object: `hostname` if set, otherwise `name`. */
  readonly nodeName: string;
  readonly interface?: string;
  readonly ssh: {
    readonly address: string;
    readonly user: string;
    readonly port: number;
    readonly loginSeconds: number;
    readonly jumpHost?: { readonly address: string; readonly port: number; readonly user: string };
  };
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: ClusterFile['hosts'][number]['taints'];
}

/** cluster.yaml with its defaults and all derived values. */
export interface Cluster extends Omit<ClusterFile, 'hosts' | 'ssh'> {
  /** The hosts that are to be in the cluster. */
  readonly hosts: readonly Host[];
  /** The hosts with `state: removed`: they are to leave the cluster. */
  readonly removed: readonly Host[];
  /** The versions that the file names; each other one is a default, which must not change a running cluster. */
  readonly pinned: ReadonlySet<VersionName>;
  /** Minor version of Kubernetes: 37. */
  readonly minor: number;
  /** First address of the service subnet: the `kubernetes` Service. */
  readonly serviceAddress: string;
  /** Second address of the service subnet. */
  readonly dnsAddress: string;
  /** Openings of the file: values that are allowed, and that every plan reports. */
  readonly openings: readonly Opening[];
  /** Absent: the cluster has no lock file, and checksums come from where the files come from. */
  readonly lock?: Lock | undefined;
  /** Without a lock: checksums by the URL of the download, which the run has read once for all hosts. A download without one is asked for. */
  readonly sums?: ReadonlyMap<string, string> | undefined;
}

/** The hosts that have a role, in the order of the file. */
export function hostsWith(cluster: Cluster, role: Role): readonly Host[] {
  return cluster.hosts.filter((host) => host.roles.includes(role));
}

/** Hosts in an order that the lines of the file do not decide: moved lines must change nothing on a host. */
export function byAddress(hosts: readonly Host[]): readonly Host[] {
  return hosts.toSorted((one, other) => one.address.localeCompare(other.address));
}

/** `https://address:2379` of each etcd member. */
export function etcdEndpoints(cluster: Cluster): readonly string[] {
  return hostsWith(cluster, 'etcd').map((host) => etcdClientUrl(host.address));
}
