import type { KnipConfig } from 'knip';

/** `knip --production` leaves tests out: what only they use is dead in the product. There, an `export` may be for them. */
const production = process.argv.includes('--production');

export default {
  workspaces: {
    '.': {
      entry: [
        'src/actions/*.ts!',
        // Otherwise known from the scripts of package.json.
        ...(production ? ['build.ts!', 'bench/main.ts!', 'docs/generate.ts!', 'docs/pictures.ts!'] : []),
        '.github/release/*.ts!',
        // For a browser: bundling/page.ts makes one text of it.
        'src/failover/report/page/main.ts!',
        // A program of its own, which others start.
        'bench/failover/clients-driver.ts!',
      ],
      project: production
        ? ['src/**/*.ts!', 'bundling/**/*.ts!']
        : ['{src,bench,docs,bundling,__tests__}/**/*.ts', 'jest/**/*.js', '.github/release/*.ts'],
      // A part of node-ssh, which the tests' own SSH server is made of.
      ignoreDependencies: ['ssh2'],
    },
    lab: {
      // Programs that people or others start; two are otherwise known from the scripts of the root's package.json.
      entry: [
        ...(production ? ['cli.ts!', 'demo/main.ts!'] : []),
        'binaries/main.ts!',
        'images/main.ts!',
        'images/registry-server.ts!',
        'issuer/server.ts!',
        'mirror/server.ts!',
        'workflow/results-server.ts!',
      ],
      project: production ? [] : ['**/*.ts'],
      ignoreDependencies: production ? [/./] : [],
    },
  },
  // Public entries of rooms, which tests may import too.
  ignore: production ? ['src/*/index.ts'] : [],
  // Types in the signature of an exported function may be exported without a use elsewhere.
  ignoreExportsUsedInFile: production ? true : { interface: true, type: true },
  // lab/programs.ts lists what is started on the machine; a contract test holds that.
  exclude: ['binaries'],
} satisfies KnipConfig;
