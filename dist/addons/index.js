import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  applyAddons
} from "../chunks/chunk-D5ZLWCM2.js";
import "../chunks/chunk-W2DITRJN.js";
import {
  reachMasters
} from "../chunks/chunk-SI2KBCPS.js";
import "../chunks/chunk-7ASJXKWX.js";
import {
  newRun,
  runPhases
} from "../chunks/chunk-X4X6LBSF.js";
import {
  commonInputs,
  githubLog,
  mask,
  reporting,
  runAction
} from "../chunks/chunk-DKUMWRTV.js";
import "../chunks/chunk-I5GCN5PY.js";
import "../chunks/chunk-A6KX56EC.js";

// src/actions/addons.ts
await runAction(async () => {
  const { cluster, clusterFile, access, dryRun, name } = commonInputs();
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask, targets: /* @__PURE__ */ new Map() });
  await reporting("Add-ons", run, () => runPhases(run, [reachMasters("last"), applyAddons(clusterFile)]));
});
