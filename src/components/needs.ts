import { type Cluster, hostsWith } from '../cluster/cluster.ts';
import { type Role, roles } from '../cluster/schema.ts';
import type { Download } from '../host/state.ts';
import { taggedImage } from '../lockfile/images.ts';
import type { NeededBinary, Needs } from '../lockfile/make.ts';
import type { Architecture } from './downloads.ts';
import { stateFor } from './roles.ts';

/** The architectures that the product supports. */
const architectures: readonly Architecture[] = ['amd64', 'arm64'];

/** A role on a host of this architecture. */
export type Machine = readonly [Role, Architecture];

/** Everything that the cluster's hosts and add-ons get from elsewhere, on any architecture: the contents of its lock. Pure. */
export function needsOf(cluster: Cluster): Needs {
  const machines = roles.flatMap((role) => architectures.map((architecture): Machine => [role, architecture]));
  return { binaries: binariesFor(cluster, machines), images: imagesOf(cluster, hostsWith(cluster, 'node').length > 0) };
}

/** The binaries of these machines, by the records that also place them. Pure. */
export function binariesFor(cluster: Cluster, machines: readonly Machine[]): readonly NeededBinary[] {
  const unlocked = { ...cluster, lock: undefined };
  const official = machines.flatMap((machine) => downloadsFor({ ...unlocked, mirror: undefined }, ...machine));
  const mirrored = machines.flatMap((machine) => downloadsFor(unlocked, ...machine));
  const sumUrls = new Map(official.map(({ url }, index) => [url, mirrored[index]?.sumUrl ?? url]));
  return [...sumUrls].map(([url, sumUrl]) => ({ url, sumUrl }));
}

/**
 * The images of pods that this project names; those in the user's own manifests are the user's. Pure.
 * @param hasNodes whether nodes are among the hosts: only they have the pause image
 */
export function imagesOf(cluster: Cluster, hasNodes: boolean): readonly string[] {
  const { coredns, metricsServer } = cluster.addons;
  return [
    ...(hasNodes ? [taggedImage(cluster, 'pause')] : []),
    ...(coredns ? [taggedImage(cluster, 'coredns')] : []),
    ...(metricsServer ? [taggedImage(cluster, 'metricsServer')] : []),
  ];
}

/** What a host of this role downloads. Hosts of one role and architecture have the same downloads, with any secrets. Pure. */
export function downloadsFor(cluster: Cluster, role: Role, architecture: Architecture): readonly Download[] {
  const [host] = hostsWith(cluster, role);
  if (host === undefined) return [];
  const secrets = { cluster: cluster.name, host: host.name, authorities: {}, files: [] };
  return stateFor(cluster, host, role, secrets, { architecture }).downloads;
}
