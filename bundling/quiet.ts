import { join } from 'node:path';
import type { Plugin } from 'esbuild';

const importer = /[\\/]node_modules[\\/]@actions[\\/]artifact[\\/]/;

/**
 * What @actions/artifact says goes out where everything does (src/github/runner.ts). Its words about each transfer, nine lines
 * for one, are for the debug log: in a job's log they would be between what happened to the hosts, and make a gate's hundreds of
 * lines long.
 */
export function quiet(root: string): Plugin {
  const runner = JSON.stringify(join(root, 'src/github/runner.ts'));
  const contents = `
    import { addMask, debug as toDebug, error as toErrors, warning as toWarnings } from ${runner};
    export * from '@actions/core';
    export const debug = (text) => toDebug(String(text));
    export const info = debug;
    export const warning = (text) => toWarnings(String(text));
    export const error = (text) => toErrors(String(text));
    export const setSecret = addMask;
  `;
  return {
    name: 'quiet',
    setup(builder) {
      builder.onResolve({ filter: /^@actions\/core$/ }, ({ path, importer: from, resolveDir }) =>
        importer.test(from) ? { path, namespace: 'quiet', pluginData: resolveDir } : undefined,
      );
      builder.onLoad({ filter: /.*/, namespace: 'quiet' }, ({ pluginData }) => ({
        contents,
        resolveDir: pluginData,
        loader: 'js',
      }));
    },
  };
}
