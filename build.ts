// Bundles every action into dist/: one thin entry each over shared chunks, byte for byte the same wherever it is built.
// `--check` builds into memory and fails when dist/ is not what the source makes.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { bundle } from './bundling/bundle.ts';

const root = import.meta.dirname;
const dist = join(root, 'dist');

function present(): ReadonlyMap<string, string> {
  const names = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names.map((entry) => relative(dist, join(entry.parentPath, entry.name)));
  return new Map(paths.map((path) => [path, readFileSync(join(dist, path), 'utf8')]));
}

const made = await bundle(root);
if (process.argv.includes('--check')) {
  const there = present();
  const different = [...new Set([...made.keys(), ...there.keys()])].filter(
    (path) => made.get(path) !== there.get(path),
  );
  if (different.length > 0) {
    console.error(
      `dist/ is not what the source makes; run "npm run build" and commit. Different: ${different.join(', ')}`,
    );
    process.exitCode = 1;
  }
} else {
  rmSync(dist, { recursive: true, force: true });
  for (const [path, text] of made) {
    mkdirSync(dirname(join(dist, path)), { recursive: true });
    writeFileSync(join(dist, path), text);
  }
  console.log(`dist/: ${made.size} files, ${[...made.values()].reduce((sum, text) => sum + text.length, 0)} bytes`);
}
