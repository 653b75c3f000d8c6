import { writeFileSync } from 'node:fs';
import { binariesFor, needsOf } from '../components/needs.ts';
import { Problem, unlessProblem } from '../errors.ts';
import { resolveDigest } from '../host/image-digest.ts';
import { resolveSum } from '../host/sums.ts';
import { lockChanges, lockText, makeLock, type Publishers } from '../lockfile/make.ts';
import { signedText } from '../lockfile/openpgp.ts';
import { signersOf } from '../lockfile/publisher-keys.ts';
import { machinesOf } from './check-lockfile.ts';
import type { StagePhase } from './phase.ts';
import type { Inspected, Observed } from './stages.ts';

/**
 * Brings the lock file up to date with what cluster.yaml needs, and writes it for a review. Later phases use it as written.
 * @param file its path
 * @param token GitHub's, for the digests of releases without checksum files
 * @param onWritten gets whether the file changed
 */
export function writeLockfile(
  file: string,
  token: string,
  onWritten: (changed: boolean) => void,
): StagePhase<Observed & Inspected, Pick<Observed, 'cluster'>> {
  return {
    title: 'Write the lock file',
    async run(run) {
      const { cluster, log } = run;
      const lock = await makeLock(file, cluster.lock, needsOf(cluster), publishersOf(run, token));
      const changes = lockChanges(cluster.lock, lock);
      if (changes.length > 0) writeFileSync(file, lockText(lock));
      for (const change of changes) log.info(change);
      log.info(changes.length > 0 ? `${file} was written: review it and commit it` : `${file} needs no change`);
      onWritten(changes.length > 0);
      return { cluster: { ...cluster, lock } };
    },
  };
}

function publishersOf(run: Observed & Inspected, token: string): Publishers {
  const { mirror, containerd } = run.cluster;
  const used = new Set(binariesFor(run.cluster, machinesOf(run)).map(({ url }) => url));
  // A mirror may have only the files for the architecture of its hosts; the publishers have all.
  const mayLack = (url: string) => mirror !== undefined && !used.has(url);
  return {
    sum: async ({ url, sumUrl }) => {
      const sum = resolveSum(url, sumUrl, { token, signedPart: signedPartOf(url, sumUrl) });
      if (!mayLack(url)) return await sum;
      const found = await unlessProblem(() => sum);
      if (found === undefined) run.log.info(`left out: the mirror states no checksum for ${url}, which no host uses`);
      return found;
    },
    digest: async (image) => {
      const registry = image.slice(0, image.indexOf('/'));
      return await resolveDigest(image, containerd.registries[registry]?.mirrors);
    },
  };
}

/** What the publisher of this binary signed in its file of checksums; undefined if it signs none. The mirror's copy must have the same signature. */
function signedPartOf(url: string, sumUrl: string): ((text: string) => string) | undefined {
  const keys = signersOf(url);
  if (!keys) return undefined;
  return (text) => {
    const signed = signedText(text, keys);
    if (signed !== undefined) return signed;
    throw new Problem(`the checksums at ${sumUrl} are not signed by a key of their publisher that this release knows`, {
      code: 'SUM_UNSIGNED',
      file: sumUrl,
      detail: keys.map(({ fingerprint }) => `known key: ${fingerprint}`),
      hint: 'Nothing was written. Compare the checksums with another source. If they are right, write their lines into the lock file by hand: what it has is not asked for.',
    });
  };
}
