import { writeFileSync } from 'node:fs';
import { binariesFor, needsOf } from '../components/needs.ts';
import { unlessProblem } from '../errors.ts';
import { resolveDigest } from '../host/image-digest.ts';
import { resolveSum } from '../host/sums.ts';
import { lockChanges, lockText, makeLock, type Publishers } from '../lockfile/make.ts';
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
      const sum = resolveSum(url, sumUrl, { token });
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
