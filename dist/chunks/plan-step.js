import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);

// src/plan/step.ts
function stepInWords({
  host,
  do: what,
  reason,
  interrupts,
  waitsFor,
  lastSeconds
}, planned) {
  const parts = [
    reason,
    ...interrupts === void 0 ? [] : [`interrupts ${interrupts}`],
    ...waitsFor === void 0 ? [] : [`waits for ${waitsFor}`],
    ...lastSeconds === void 0 ? [] : [`about ${lastSeconds} s last time`]
  ];
  return `${placeOf(host)}${planned ? "would " : ""}${what}: ${parts.join("; ")}`;
}
function blocksInWords({ host, do: what, blockedBy = [] }) {
  return blockedBy.map((block) => `${placeOf(host)}cannot ${what} now: ${block}`);
}
var placeOf = (host) => host === void 0 ? "" : `${host}: `;

export {
  stepInWords,
  blocksInWords
};
