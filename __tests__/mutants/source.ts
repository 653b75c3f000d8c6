import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Source files below a root that contain a text, once per occurrence. */
export function placesOf(root: string, text: string): readonly string[] {
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|sh)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((file) => Array(readFileSync(file, 'utf8').split(text).length - 1).fill(file) as string[]);
}
