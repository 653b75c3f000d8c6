import type { KnipConfig } from 'knip';

/** `knip --production` leaves tests out: what only they use is dead in the product. There, an `export` may be for them. */
const production = process.argv.includes('--production');

export default {
  entry: [
    'src/actions/*.ts!',
    // Otherwise known from the scripts of package.json.
    ...(production ? ['build.ts!', 'lab/cli.ts!', 'lab/demo/main.ts!', 'bench/main.ts!', 'docs/generate.ts!'] : []),
    '.github/release/*.ts!',
    // Bundled as a text, for browsers.
    'src/failover/report/page/main.ts!',
    // Programs of their own, which others start.
    'bench/failover/clients-driver.ts!',
    'lab/binaries/main.ts!',
    'lab/images/main.ts!',
    'lab/images/registry-server.ts!',
    'lab/issuer/server.ts!',
    'lab/mirror/server.ts!',
    'lab/workflow/results-server.ts!',
    // For a browser: bundling/page.ts makes one text of it.
    'src/failover/report/page/main.ts!',
  ],
  project: production
    ? ['src/**/*.ts!', 'bundling/**/*.ts!']
    : ['{src,lab,bench,docs,bundling,__tests__}/**/*.ts', 'jest/**/*.js', '.github/release/*.ts'],
  // Public entries of rooms, which tests may import too.
  ignore: production ? ['src/*/index.ts'] : [],
  // Types in the signature of an exported function may be exported without a use elsewhere.
  ignoreExportsUsedInFile: production ? true : { interface: true, type: true },
  // A part of node-ssh, which the tests' own SSH server is made of.
  ignoreDependencies: ['ssh2'],
  // lab/programs.ts lists what is started on the machine; a contract test holds that.
  exclude: ['binaries'],
} satisfies KnipConfig;
