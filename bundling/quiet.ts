import type { Plugin } from 'esbuild';

const importer = /[\\/]node_modules[\\/]@actions[\\/]artifact[\\/]/;

/**
 * What @actions/artifact says of each transfer, nine lines for one, goes to the debug log: in a job's log they would stand
 * between what happened to the hosts, and make it hundreds of lines long in a gate's.
 */
export const quiet: Plugin = {
  name: 'quiet',
  setup(builder) {
    builder.onResolve({ filter: /^@actions\/core$/ }, ({ path, importer: from, resolveDir }) =>
      importer.test(from) ? { path, namespace: 'quiet', pluginData: resolveDir } : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace: 'quiet' }, ({ pluginData }) => ({
      contents: "export * from '@actions/core';\nexport { debug as info } from '@actions/core';\n",
      resolveDir: pluginData,
      loader: 'js',
    }));
  },
};
