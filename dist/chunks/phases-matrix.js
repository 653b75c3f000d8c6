import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);

// src/phases/matrix.ts
var matrixLimit = 256;
function matrixOf(names, limit = matrixLimit) {
  return groupsOf(names, limit).map((group) => group.join(","));
}
function groupsOf(names, limit = matrixLimit) {
  const perGroup = Math.max(1, Math.ceil(names.length / limit));
  const groups = Math.ceil(names.length / perGroup);
  return Array.from({ length: groups }, (_, index) => names.slice(index * perGroup, (index + 1) * perGroup));
}

export {
  matrixOf,
  groupsOf
};
