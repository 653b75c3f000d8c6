import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  gateCommand
} from "./github-upgrade-gate.js";
import {
  hostNames
} from "./cluster-checks.js";
import {
  requiredSecret
} from "./github-secret-inputs.js";
import {
  getInput
} from "./github-hidden-values.js";

// src/github/role-inputs.ts
function roleInputs(role, { cluster, dryRun }) {
  return {
    hosts: hostNames(cluster, role),
    bundles: getInput("bundles"),
    identity: requiredSecret("age-key"),
    gate: gateCommand(cluster, dryRun)
  };
}

export {
  roleInputs
};
