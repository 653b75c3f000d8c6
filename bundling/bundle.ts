import { dirname, join, relative } from 'node:path';
import { type BuildResult, build, type Plugin } from 'esbuild';
import { chunkNames, renameImports } from './chunk-names.ts';
import { bundleOptions } from './options.ts';

/**
 * Builds the bundles of the project below `root` in memory.
 *
 * @param more plugins that come before the project's own.
 * @returns the text of each file by its path below `dist/`; the same bytes wherever it is built.
 */
export async function bundle(root: string, more: readonly Plugin[] = []): Promise<ReadonlyMap<string, string>> {
  const options = bundleOptions(root);
  const plugins = [...more, ...(options.plugins ?? [])];
  const { metafile, outputFiles }: BuildResult<{ write: false; metafile: true }> = await build({
    ...options,
    plugins,
    write: false,
    metafile: true,
  });
  const names = chunkNames(metafile.outputs);
  const files = outputFiles.map((file): [string, string] => {
    const path = relative(root, file.path).replaceAll('\\', '/');
    const name = names.get(path);
    const place = name === undefined ? path : join(dirname(path), `${name}.js`);
    return [relative('dist', place), renameImports(file.text, names)];
  });
  return new Map([...files.sort(), ['package.json', `${JSON.stringify({ type: 'module' })}\n`]]);
}
