import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);

// src/trend.ts
var fewest = 3;
var medianOver = 7;
function comparedWith(before, current) {
  const last = before.at(-1);
  const median = medianOf(before.filter((value) => value !== null).slice(-medianOver));
  const change = current === null || last === null || last === void 0 ? void 0 : current - last;
  const regressed = median !== void 0 && current !== null && current > median * 1.3 && current - median > 1e3;
  return { change, median, regressed };
}
function medianOf(values) {
  if (values.length < fewest) return void 0;
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return Math.round((low + high) / 2);
}

export {
  comparedWith
};
