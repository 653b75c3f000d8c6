// The manifests of the actions: every action.yml of the tree, read into one shape for the pages and for the contract tests.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

const text = z.string().min(1);
const manifest = z.strictObject({
  name: text,
  description: text,
  author: text,
  branding: z.strictObject({ icon: text, color: text }),
  inputs: z
    .record(
      z.string(),
      z.strictObject({ description: text, required: z.boolean().default(false), default: z.string().optional() }),
    )
    .default({}),
  outputs: z.record(z.string(), z.strictObject({ description: text })).default({}),
  runs: z.strictObject({ using: text, main: text, post: text.optional() }),
});

/** One action as its users see it. */
export interface ActionManifest extends z.output<typeof manifest> {
  /** Of its entry src/actions/ID.ts and its bundle: `deploy` for the root action, else the folder. */
  readonly id: string;
  /** From the root, with the slash at its end; nothing for the root action. */
  readonly folder: string;
}

export const root = join(import.meta.dirname, '..');

/**
 * The root action first, then the others by name.
 * @param texts action.yml files that are read from here instead of from the disk, by path.
 * @throws when an action.yml has a key that GitHub would not know.
 */
export function readActionManifests(texts: ReadonlyMap<string, string> = new Map()): readonly ActionManifest[] {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, 'action.yml')))
    .map((entry) => `${entry.name}/`);
  return ['', ...folders.sort()].map((folder) => {
    const path = `${folder}action.yml`;
    const read = manifest.parse(parse(texts.get(path) ?? readFileSync(join(root, path), 'utf8')));
    return { ...read, folder, id: folder === '' ? 'deploy' : folder.slice(0, -1) };
  });
}
