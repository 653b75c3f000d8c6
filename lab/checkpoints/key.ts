import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { baseName } from '../hosts/base-tree.ts';

/** Folders of a checkout that determine a cluster on the lab's hosts: the bundles, and the images of its pods. */
const FOLDERS = ['dist', 'lab/images'];

/**
 * Identifies what built a cluster on the lab's hosts: a checkout's bundles and images, and the tree below the hosts' disks. A
 * checkpoint with another key may differ from what the checkout would build.
 *
 * @param more further values that must be equal.
 */
export function productKey(root: string, more = ''): string {
  const hash = createHash('sha256').update(baseName()).update(more);
  for (const path of FOLDERS.flatMap((folder) => filesBelow(join(root, folder))))
    hash.update(`\0${relative(root, path)}\0`).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}
