import { parseArgs } from 'node:util';
import { cacheFolder, provideBinaries } from './index.ts';
import { versions } from './versions.ts';

/** `node lab/binaries/main.ts [--kubernetes v1.36.3] [name …]`: fills the cache before a lab is started. */
const { values, positionals } = parseArgs({
  options: { kubernetes: { type: 'string', default: versions.kubernetes } },
  allowPositionals: true,
});
await provideBinaries({
  cache: cacheFolder(),
  kubernetesVersion: values.kubernetes,
  log: (line) => console.log(line),
  ...(positionals.length > 0 ? { only: positionals } : {}),
});
