import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  booleanInput,
  invalidInput
} from "./cluster-checks.js";
import {
  secretInput
} from "./github-secret-inputs.js";

// src/github/lock-inputs.ts
function lockInputs(dryRun) {
  const token = secretInput("token");
  if (!booleanInput("lock")) return { writeLock: void 0 };
  if (dryRun) return { writeLock: { token } };
  throw invalidInput("lock", "true", "Set dry-run: true too: the new lock file is reviewed before it is used.");
}

export {
  lockInputs
};
