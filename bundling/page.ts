import { join } from 'node:path';
import { buildSync, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** The script of the failover report's page, in one text for a `<script>`: nothing of the page is loaded from elsewhere. */
export function pageBundle(): string {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: ['src/failover/report/page/main.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
  });
  return outputFiles.map(({ text }) => text).join('');
}

/** Puts that text into the actions' bundles, where no esbuild is. */
export const inlinePage: Plugin = {
  name: 'inline-page',
  setup(builder) {
    builder.onLoad({ filter: /[\\/]report[\\/]page-program\.ts$/ }, () => ({
      contents: `export const pageProgram = () => ${JSON.stringify(pageBundle())};`,
      loader: 'js',
    }));
  },
};
