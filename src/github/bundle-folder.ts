import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleStore } from '../phases/bundles.ts';

/** Bundles as age files in a folder: for local runs, and for those who carry them between jobs in their own way. */
export function bundleFolder(folder: string): BundleStore {
  const place = (cluster: string, host: string) => join(folder, `${cluster}-${host}.age`);
  return {
    async write(cluster, host, sealed) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      const path = place(cluster, host);
      await writeFile(`${path}.part`, sealed, { mode: 0o600 });
      await rename(`${path}.part`, path);
    },
    async read(cluster, host) {
      try {
        return await readFile(place(cluster, host));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
  };
}
