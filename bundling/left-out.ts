import type { Plugin } from 'esbuild';

const parts = /^(archiver|unzip-stream|@actions\/github(\/.*)?|@octokit\/.*)$/;
const importer = /[\\/]node_modules[\\/]@actions[\\/]artifact[\\/]/;

/**
 * Leaves out what @actions/artifact imports for zipped artifacts and for those of other runs: ours are single files of this
 * run. It is a fifth of all the code and half of the packages, loaded for nothing. Whoever reaches it is told.
 */
export const leftOut: Plugin = {
  name: 'left-out',
  setup(builder) {
    builder.onResolve({ filter: parts }, ({ path, importer: from }) =>
      importer.test(from) ? { path, namespace: 'left-out' } : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({ contents: standIn(path), loader: 'js' }));
  },
};

/** CommonJS, since any name can be imported from it. */
function standIn(path: string): string {
  return [
    'const gone = (name) => () => {',
    `  throw new Error(String(name) + ' of ' + ${JSON.stringify(path)} + ' is left out of the bundles');`,
    '};',
    'module.exports = new Proxy({}, { get: (_, name) => gone(name) });',
  ].join('\n');
}
