import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { leftOut } from './left-out.ts';
import { inlinePage } from './page.ts';
import { quiet } from './quiet.ts';

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

/** How every action of the project below `root` is bundled: its own entry over shared chunks. */
export function bundleOptions(root: string): BuildOptions {
  const entries = readdirSync(join(root, 'src/actions')).filter((file) => file.endsWith('.ts'));
  return {
    absWorkingDir: root,
    entryPoints: entries.map((file) => ({ in: `src/actions/${file}`, out: `${file.replace(/\.ts$/, '')}/index` })),
    outdir: join(root, 'dist'),
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
    plugins: [inlinePage, inlineTexts, leftOut, quiet(root)],
  };
}
