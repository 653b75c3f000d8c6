import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);

// src/cluster/lock.ts
function lockFileOf(clusterFile) {
  return `${clusterFile.replace(/\.ya?ml$/, "")}.lock.yaml`;
}

export {
  lockFileOf
};
