import type { Plugin } from 'esbuild';

interface Parts {
  /** The package that imports them. */
  readonly importer: RegExp;
  readonly paths: RegExp;
}

const inPackage = (name: string) => new RegExp(`[\\\\/]node_modules[\\\\/]@actions[\\\\/]${name}[\\\\/]lib[\\\\/]`);

/** What packages load at once and the actions never use. */
const parts: readonly Parts[] = [
  // For zipped artifacts and those of other runs: ours are single files of this run. A fifth of all the code.
  { importer: inPackage('artifact'), paths: /^(archiver|unzip-stream|@actions\/github(\/.*)?|@octokit\/.*)$/ },
  // For tokens of GitHub's identity provider, with a whole HTTP client below: half of an action's start.
  { importer: inPackage('core'), paths: /^@actions\/http-client(\/.*)?$/ },
  // For the name of the runner's system: it starts processes.
  { importer: inPackage('core'), paths: /^@actions\/exec$/ },
];

/** Leaves those parts out of the bundles. Code that reaches one throws an error. */
export const leftOut: Plugin = {
  name: 'left-out',
  setup(builder) {
    for (const { importer, paths } of parts)
      builder.onResolve({ filter: paths }, ({ path, importer: from }) =>
        importer.test(from) ? { path, namespace: 'left-out' } : undefined,
      );
    builder.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({ contents: standIn(path), loader: 'js' }));
  },
};

/** CommonJS, since any name can be imported from it; functions, since some names are classes. */
function standIn(path: string): string {
  return [
    'const gone = (name) => function () {',
    `  throw new Error(String(name) + ' of ' + ${JSON.stringify(path)} + ' is left out of the bundles');`,
    '};',
    'module.exports = new Proxy({}, { get: (_, name) => gone(name) });',
  ].join('\n');
}
