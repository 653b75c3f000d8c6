import { Buffer } from 'node:buffer';
import pLimit from 'p-limit';
import type { BundleStore } from '../phases/bundles.ts';
import { artifactNames, downloadArtifact, uploadArtifact } from './artifact-client.ts';

/** Transfers in parallel: a pki job may have a thousand bundles. */
const atOnce = 8;
/** A master's bundle has some 30 KiB. */
export const mostBundleBytes = 4 * 1024 * 1024;
/** The beginning of every age file; other files are never uploaded as a bundle. */
const ageHeader = Buffer.from('age-encryption.org/v1\n');

/** The name of the artifact with a host's bundle; with its extension also the name of the downloaded file. */
export function bundleName(cluster: string, host: string): string {
  return `k8s-ha-${cluster}-${host}.age`;
}

/** Bundles as artifacts of the workflow run, for jobs on different runners. */
export function bundleArtifacts(): BundleStore {
  const limit = pLimit(atOnce);
  let earlier: Promise<ReadonlySet<string>> | undefined;
  return {
    write: (cluster, host, sealed) =>
      limit(async () => {
        // One list for all of them: on a re-run every name exists, otherwise none.
        earlier ??= artifactNames();
        const name = bundleName(cluster, host);
        await uploadBundle(name, sealed, (await earlier).has(name));
      }),
    read: (cluster, host) => limit(() => downloadBundle(bundleName(cluster, host))),
  };
}

/**
 * Uploads an encrypted bundle. An artifact of the same name in this run is replaced.
 * @param replace true if an artifact of this name exists; when omitted, replaces it on conflict.
 * @throws Problem ARTIFACT_UNAVAILABLE or ARTIFACT_UPLOAD.
 */
export async function uploadBundle(name: string, sealed: Uint8Array, replace = false): Promise<void> {
  if (!Buffer.from(sealed).subarray(0, ageHeader.length).equals(ageHeader))
    throw new Error(`${name} is not encrypted: refused to upload it`);
  await uploadArtifact(name, sealed, replace);
}

/**
 * Downloads the newest bundle of a name in this run, of any attempt.
 * @throws Problem ARTIFACT_MISSING when there is none or it has expired, ARTIFACT_CHANGED,
 *   ARTIFACT_NONSENSE, ARTIFACT_UNAVAILABLE, ARTIFACT_DOWNLOAD.
 */
export function downloadBundle(name: string): Promise<Uint8Array> {
  return downloadArtifact(name, mostBundleBytes);
}
