import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../errors.ts';
import type { BundleStore } from '../phases/bundles.ts';
import { mostBundleBytes } from './artifacts.ts';
import { readSmallFile } from './small-file.ts';

/** Bundles as age files in a folder: for local runs, and for users with their own transport between jobs. */
export function bundleFolder(folder: string): BundleStore {
  const place = (cluster: string, host: string) => join(folder, `${cluster}-${host}.age`);
  return {
    async write(cluster, _group, sealed) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      for (const [host, bundle] of sealed) {
        const path = place(cluster, host);
        await writeFile(`${path}.part`, bundle, { mode: 0o600 });
        await rename(`${path}.part`, path);
      }
    },
    async read(cluster, _group, host) {
      try {
        return await readSmallFile(place(cluster, host), mostBundleBytes, (what) => tooLarge(host, what));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
  };
}

function tooLarge(host: string, what: string): Problem {
  const hint = 'Find out which file it is, and what else writes to the folder. Run the pki job again, then this one.';
  return new Problem(`the bundle of ${host} has ${what}`, { code: 'BUNDLE_UNREADABLE', host, hint });
}
