import { Buffer } from 'node:buffer';
import pLimit from 'p-limit';
import type { BundleGroup, BundleStore } from '../phases/bundles.ts';
import { artifactNames, deleteArtifact, downloadArtifact, uploadArtifact } from './artifact-client.ts';
import { bundlesIn, textOfBundles } from './grouped-bundles.ts';

/** Transfers in parallel: a pki job may have a few hundred artifacts. */
const atOnce = 8;
/** Limit of an artifact. A master's bundle has some 30 KiB, and 1,000 hosts are in groups of four. */
export const mostBundleBytes = 4 * 1024 * 1024;
/** The beginning of every age file; other files are never uploaded as a bundle. */
const ageHeader = Buffer.from('age-encryption.org/v1\n');

/**
 * The name of the artifact with a host's bundle; with its extension also the name of the downloaded file. Names of clusters and hosts have
 * no underscore, so no two clusters of a run share an artifact.
 */
export function bundleName(cluster: string, host: string): string {
  return `k8s-ha-${cluster}_${host}.age`;
}

/** The name of the artifact with the bundles of several hosts, by the first of them. */
export function groupName(cluster: string, first: string): string {
  return `k8s-ha-${cluster}_${first}.bundles.json`;
}

/** Bundles as artifacts of the workflow run, for jobs on different runners. One host's is an age file, a group's is JSON of such files. */
export function bundleArtifacts(): BundleStore {
  const limit = pLimit(atOnce);
  let earlier: Promise<ReadonlySet<string>> | undefined;
  const groups = new Map<string, Promise<ReadonlyMap<string, Uint8Array>>>();
  const upload = async (name: string, bytes: Uint8Array) => {
    // One list for all of them: on a re-run every name exists, otherwise none.
    earlier ??= artifactNames();
    await uploadArtifact(name, bytes, (await earlier).has(name));
  };
  const openGroup = (name: string) => {
    const open = groups.get(name) ?? limit(async () => bundlesIn(name, await downloadBundle(name)));
    groups.set(name, open);
    return open;
  };
  return {
    write: (cluster, group, sealed) =>
      limit(async () => {
        for (const [host, bytes] of sealed) refusePlain(bundleName(cluster, host), bytes);
        const [only = new Uint8Array()] = sealed.values();
        if (isSingle(group)) await upload(bundleName(cluster, group[0]), only);
        else await upload(groupName(cluster, group[0] ?? ''), textOfBundles(sealed));
      }),
    read: async (cluster, group, host) =>
      isSingle(group)
        ? await limit(() => downloadBundle(bundleName(cluster, host)))
        : (await openGroup(groupName(cluster, group[0] ?? ''))).get(host),
  };
}

function isSingle(group: BundleGroup): group is readonly [string] {
  return group.length === 1;
}

function refusePlain(name: string, sealed: Uint8Array): void {
  if (!Buffer.from(sealed).subarray(0, ageHeader.length).equals(ageHeader))
    throw new Error(`${name} is not encrypted: refused to upload it`);
}

/**
 * Deletes the bundles of a run, which no job needs any more.
 * @param hosts names of the cluster's hosts
 * @returns the number of deleted artifacts
 * @throws Problem ARTIFACT_UNAVAILABLE, ARTIFACT_UPLOAD if the service can't list or delete them
 */
export async function removeBundles(cluster: string, hosts: readonly string[]): Promise<number> {
  const present = await artifactNames();
  const names = hosts.flatMap((host) => [bundleName(cluster, host), groupName(cluster, host)]);
  const own = [...new Set(names)].filter((name) => present.has(name));
  const limit = pLimit(atOnce);
  await Promise.all(own.map((name) => limit(() => deleteArtifact(name))));
  return own.length;
}

/**
 * Downloads the newest bundle of a name in this run, of any attempt.
 * @throws Problem ARTIFACT_MISSING when there is none or it has expired, ARTIFACT_CHANGED,
 *   ARTIFACT_NONSENSE, ARTIFACT_UNAVAILABLE, ARTIFACT_DOWNLOAD.
 */
export function downloadBundle(name: string): Promise<Uint8Array> {
  return downloadArtifact(name, mostBundleBytes);
}
