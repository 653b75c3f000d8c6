import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);

// src/plan/step.ts
function stepInWords({ host, do: what, reason, interrupts }, planned) {
  const place = host === void 0 ? "" : `${host}: `;
  return `${place}${planned ? "would " : ""}${what}: ${reason}${interrupts === void 0 ? "" : `; interrupts ${interrupts}`}`;
}

export {
  stepInWords
};
