import type { Cluster } from '../cluster/cluster.ts';
import { lockedDigest } from './locked.ts';

const registry = 'registry.k8s.io';

/** The images that this project names itself, by name and tag. */
const images = {
  pause: ({ versions }: Cluster) => `${registry}/pause:${versions.pause}`,
  coredns: ({ versions }: Cluster) => `${registry}/coredns/coredns:v${versions.coredns}`,
  metricsServer: ({ versions }: Cluster) => `${registry}/metrics-server/metrics-server:v${versions.metricsServer}`,
} as const;

type ImageName = keyof typeof images;

/** An image's name and tag, without the digest of the cluster's lock. */
export function taggedImage(cluster: Cluster, name: ImageName): string {
  return images[name](cluster);
}

/** `name:tag@sha256:…` for a pod; `name:tag` for a cluster without a lock. containerd uses the digest, and people read the tag. */
export function imageFor(cluster: Cluster, name: ImageName): string {
  const tagged = taggedImage(cluster, name);
  const digest = lockedDigest(cluster, tagged);
  return digest === undefined ? tagged : `${tagged}@${digest}`;
}

/**
 * `name@sha256:…`, or `name:tag` for a cluster without a lock. For pinned_images: containerd compares them with the name of a pulled
 * image, which has no tag when there is a digest (internal/cri/server/images/image_pull.go of 2.4, getLabels). An image that is not
 * pinned may be deleted when a node's disk is nearly full.
 */
export function pinnedImage(cluster: Cluster, name: ImageName): string {
  const tagged = taggedImage(cluster, name);
  const digest = lockedDigest(cluster, tagged);
  return digest === undefined ? tagged : `${tagged.slice(0, tagged.lastIndexOf(':'))}@${digest}`;
}

/** The pause image for a job that does not observe which version the cluster runs: the one in the lock, or the default. */
export function anyPauseImage(cluster: Cluster): string {
  const entries = [...(cluster.lock?.images ?? [])];
  const locked = entries.find(([name]) => name.startsWith(`${registry}/pause:`));
  return locked ? locked.join('@') : taggedImage(cluster, 'pause');
}
