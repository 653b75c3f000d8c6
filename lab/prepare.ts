import { mkdirSync } from 'node:fs';
import { cacheFolder } from './binaries/cache.ts';
import { ensureBaseTree } from './hosts/base-tree.ts';
import { RELEASE, type Release } from './hosts/debian-source.ts';
import { ensureAptSource } from './packages/apt-source.ts';
import type { Progress } from './progress.ts';
import { ensurePrograms, requireRootOnLinux } from './setup.ts';

/**
 * Makes everything that the hosts need and the cache lacks.
 *
 * @returns the base tree.
 */
export async function prepareHosts(cache: string, progress: Progress, release: Release = RELEASE): Promise<string> {
  await ensurePrograms(progress);
  mkdirSync(cache, { recursive: true });
  const base = await ensureBaseTree(cache, progress, release);
  await ensureAptSource(cache, base, progress, release);
  return base;
}

/** Makes everything that the cache lacks: the hosts' part, and the binaries and images of a Kubernetes version. */
export async function prepareCache(progress: Progress, kubernetes?: string): Promise<void> {
  requireRootOnLinux();
  const cache = cacheFolder();
  await prepareHosts(cache, progress);
  // Only this verb needs them; the others start faster without.
  const { provideBinaries } = await import('./binaries/index.ts');
  const { versions } = await import('./binaries/versions.ts');
  const { provideImages } = await import('./images/index.ts');
  const version = kubernetes === undefined ? versions.kubernetes : `v${kubernetes.replace(/^v/, '')}`;
  await provideBinaries({ cache, kubernetesVersion: version, log: progress });
  await provideImages({ cache, log: progress });
}

/** Builds the programs for this machine that the cache lacks: act, age, actionlint, an S3 server, zizmor. */
export async function prepareTools(progress: Progress): Promise<void> {
  const cache = cacheFolder();
  const { provideTool } = await import('./binaries/tools.ts');
  const { provideZizmor } = await import('./binaries/zizmor.ts');
  for (const name of ['act', 'age', 'age-keygen', 'actionlint', 's3-server'] as const)
    await provideTool(name, { cache, log: progress });
  await provideZizmor({ cache, log: progress });
}
