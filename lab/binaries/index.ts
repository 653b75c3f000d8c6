import { existsSync } from 'node:fs';
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withLock } from '../lock.ts';
import { inWords, type LongWork, withTicks } from '../progress.ts';
import { requireGo } from './go.ts';
import { download, hostOf, officialOrigin, reachableHosts } from './official.ts';
import type { Release } from './release.ts';
import { allReleases } from './releases.ts';
import { stopwatch } from './stopwatch.ts';
import { sha256, sumText } from './sums.ts';

export { cacheFolder } from './cache.ts';

export interface ProvideOptions {
  /** The lab's cache; see cacheFolder. */
  readonly cache: string;
  /** For example `v1.37.2`. */
  readonly kubernetesVersion: string;
  readonly log: (line: string) => void;
  /** Only the releases of these names (`etcd`, `kube-apiserver` …). Default: all. */
  readonly only?: readonly string[];
  /** The text before a release's path. Default: `https://`. */
  readonly origin?: string;
}

/**
 * Fills the mirror in the cache with every binary that a cluster needs: existing files stay; a missing one
 * is downloaded from its official place and verified, or built from its Go module. A killed call leaves no incomplete file.
 *
 * @throws if a download is not possible and there is no Go, or if a build fails.
 */
export async function provideBinaries(options: ProvideOptions): Promise<void> {
  const wanted = allReleases(options.kubernetesVersion).filter(({ name }) => options.only?.includes(name) ?? true);
  if ((await missingOf(wanted, options.cache)).length === 0) return;
  await withLock(join(options.cache, 'binaries.lock'), options.log, async () => {
    // Checked again: the previous holder of the lock may have built them.
    const missing = await missingOf(wanted, options.cache);
    if (missing.length === 0) return;
    await removeOldScratch(options.cache);
    const reachable = await reachableHosts(missing, options.origin ?? officialOrigin);
    for (const host of new Set(missing.map(hostOf))) {
      if (!reachable.has(host)) options.log(`${host} can't be reached: building its files from Go modules`);
    }
    for (const [index, release] of missing.entries()) {
      const later = missing.slice(index + 1);
      const place = `${index + 1} of ${missing.length}: ${release.name} ${release.version}`;
      await provide(release, { online: reachable.has(hostOf(release)), later, place }, options);
    }
  });
}

/** Removes the files of killed calls: no other process works here while the lock is held. */
async function removeOldScratch(cache: string): Promise<void> {
  const entries = await readdir(join(cache, 'build')).catch(() => []);
  const old = entries.filter((name) => name.startsWith('scratch-'));
  await Promise.all(old.map((name) => rm(join(cache, 'build', name), { recursive: true, force: true })));
}

async function missingOf(releases: readonly Release[], cache: string): Promise<Release[]> {
  const checked = await Promise.all(
    releases.map(async (release) => {
      const mirrored = (path: string) => exists(join(cache, 'mirror', path));
      return (await mirrored(release.file)) && (await mirrored(release.sum.file)) ? [] : [release];
    }),
  );
  return checked.flat();
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A missing release, with its position among the others. */
interface Turn {
  readonly online: boolean;
  readonly later: readonly Release[];
  /** The position, for a reader. */
  readonly place: string;
}

async function provide(
  release: Release,
  { online, later, place: what }: Turn,
  { cache, log, origin = officialOrigin }: ProvideOptions,
): Promise<void> {
  const title = `${release.name} ${release.version}`;
  const scratch = join(cache, 'build', `scratch-${process.pid}`);
  const took = stopwatch();
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  try {
    const sumFile = join(scratch, 'sum');
    let file = join(scratch, 'file');
    if (online) {
      log(`downloading ${title} …`);
      const target = file;
      await withTicks(log, { what, usualSeconds: 20 }, () => download(release, origin, target, sumFile));
    } else {
      await requireGo();
      const folder = join(cache, 'build', `${workshop(release)}-${release.version}`);
      const others = later.filter((other) => workshop(other) === workshop(release));
      const bench = { folder, scratch, log, others: others.map(({ name }) => name) };
      // A build of several releases may already have made it.
      if (existsSync(join(folder, 'bin', release.name))) file = await release.build(bench);
      else file = await withTicks(log, announced(what, release, others, later, log), () => release.build(bench));
      await writeFile(sumFile, sumText(release, await sha256(file)));
    }
    // The checksum first: a file in its final place always has its checksum.
    await place(sumFile, join(cache, 'mirror', release.sum.file));
    await place(file, join(cache, 'mirror', release.file));
  } catch (cause) {
    throw new Error(`failed to provide ${title}: ${(cause as Error).message}`, { cause });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  log(`${title} done in ${took()}`);
}

/** Logs what is built; returns the usual time of this build and of those that follow. */
function announced(
  what: string,
  release: Release,
  others: readonly Release[],
  later: readonly Release[],
  log: (line: string) => void,
): LongWork {
  const sum = (releases: readonly Release[]) => releases.reduce((total, { usualSeconds }) => total + usualSeconds, 0);
  const usualSeconds = sum([release, ...others]);
  const together = others.length > 0 ? `, and with it ${others.map(({ name }) => name).join(', ')}` : '';
  log(`building ${what} from its Go module${together}: about ${inWords(usualSeconds)} …`);
  return { what, usualSeconds, laterSeconds: sum(later.filter((other) => !others.includes(other))) };
}

/** Kubernetes' commands come from one module and share its folder. */
function workshop(release: Release): string {
  return release.file.startsWith('dl.k8s.io/') ? 'kubernetes' : release.name;
}

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
}
