import { Buffer } from 'node:buffer';
import pLimit from 'p-limit';
import type { BundleStore } from '../phases/bundles.ts';
import { artifactNames, downloadArtifact, uploadArtifact } from './artifact-client.ts';

/** Transfers at once: a pki job may have a thousand bundles. */
const atOnce = 8;
/** A master's bundle has some 30 KiB. */
export const mostBundleBytes = 4 * 1024 * 1024;
/** Every age file begins so; nothing else may become a bundle's artifact. */
const ageHeader = Buffer.from('age-encryption.org/v1\n');

/** The artifact that holds a host's bundle; with its end it is also the name of the file that a person downloads. */
export function bundleName(cluster: string, host: string): string {
  return `k8s-ha-${cluster}-${host}.age`;
}

/** Bundles as artifacts of the workflow run: how jobs on different runners hand them over. */
export function bundleArtifacts(): BundleStore {
  const limit = pLimit(atOnce);
  let earlier: Promise<ReadonlySet<string>> | undefined;
  return {
    write: (cluster, host, sealed) =>
      limit(async () => {
        // One list for all of them: on a re-run every name is taken, else none.
        earlier ??= artifactNames();
        const name = bundleName(cluster, host);
        await uploadBundle(name, sealed, (await earlier).has(name));
      }),
    read: (cluster, host) => limit(() => downloadBundle(bundleName(cluster, host))),
  };
}

/**
 * Uploads a sealed bundle; one of the same name in this run is replaced.
 * @param replace whether there is one; left out, it is found out by trying.
 * @throws Problem ARTIFACT_UNAVAILABLE or ARTIFACT_UPLOAD.
 */
export async function uploadBundle(name: string, sealed: Uint8Array, replace = false): Promise<void> {
  if (!Buffer.from(sealed).subarray(0, ageHeader.length).equals(ageHeader))
    throw new Error(`${name} is not sealed: refused to upload it`);
  await uploadArtifact(name, sealed, replace);
}

/**
 * Downloads the newest bundle of a name in this run, of whichever attempt.
 * @throws Problem ARTIFACT_MISSING when there is none or it has expired, ARTIFACT_CHANGED,
 *   ARTIFACT_NONSENSE, ARTIFACT_UNAVAILABLE, ARTIFACT_DOWNLOAD.
 */
export function downloadBundle(name: string): Promise<Uint8Array> {
  return downloadArtifact(name, mostBundleBytes);
}
