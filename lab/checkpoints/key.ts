import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { baseName } from '../hosts/base-tree.ts';

/**
 * What a cluster on the lab's hosts was built by: the bundles of a checkout, and the tree below the hosts' disks. A
 * checkpoint with another key may differ from what the checkout would build.
 */
export function productKey(root: string): string {
  const dist = join(root, 'dist');
  const hash = createHash('sha256').update(baseName());
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort())
    hash.update(`\0${relative(dist, path)}\0`).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}
