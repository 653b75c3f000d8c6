// Bundles every action into dist/: one thin entry each over shared chunks, byte for byte the same wherever it is built.
// `--check` builds into memory and fails when dist/ is not what the source makes.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type BuildResult, build, type Plugin } from 'esbuild';

const root = import.meta.dirname;
const dist = join(root, 'dist');

/** ssh2 and others are CommonJS and look for these; `__filename` itself must stay undeclared for modules that test for it. */
const banner = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { dirname as __dirnameOf } from 'node:path';",
  "import { fileURLToPath as __pathOf } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  'const __bundleFile = __pathOf(import.meta.url);',
  'const __bundleDir = __dirnameOf(__bundleFile);',
].join('\n');

/** Puts the text of files read by `readFileSync(new URL('./x', import.meta.url), 'utf8')` into the bundle. */
const inlineTexts: Plugin = {
  name: 'inline-texts',
  setup(builder) {
    builder.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8').replace(
        /readFileSync\(\s*new URL\('(\.[^']+)', import\.meta\.url\),\s*'utf8',?\s*\)/g,
        (_, file: string) => JSON.stringify(readFileSync(resolve(dirname(path), file), 'utf8')),
      );
      return { contents, loader: 'ts' };
    });
  },
};

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const entries = readdirSync(join(root, 'src/actions')).filter((file) => file.endsWith('.ts'));
  const result: BuildResult<{ write: false }> = await build({
    absWorkingDir: root,
    entryPoints: entries.map((file) => ({ in: `src/actions/${file}`, out: `${file.replace(/\.ts$/, '')}/index` })),
    outdir: dist,
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: banner },
    define: { __filename: '__bundleFile', __dirname: '__bundleDir' },
    external: ['cpu-features', '*.node'],
    legalComments: 'none',
    logLevel: 'error',
    plugins: [inlineTexts],
  });
  const files = result.outputFiles.map((file): [string, string] => [relative(dist, file.path), file.text]);
  return new Map([...files, ['package.json', `${JSON.stringify({ type: 'module' })}\n`]]);
}

function present(): ReadonlyMap<string, string> {
  const names = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names.map((entry) => relative(dist, join(entry.parentPath, entry.name)));
  return new Map(paths.map((path) => [path, readFileSync(join(dist, path), 'utf8')]));
}

const made = await bundle();
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
