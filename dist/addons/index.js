import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  applyAddons
} from "../chunks/chunk-2L7PAOVD.js";
import "../chunks/chunk-QKM7ENRH.js";
import {
  reachMasters
} from "../chunks/chunk-TDGOIBO5.js";
import {
  commonInputs,
  mask,
  newRun,
  runPhases
} from "../chunks/chunk-A4VTBSGO.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-OMF65OCO.js";
import "../chunks/chunk-5YKLIDLX.js";
import "../chunks/chunk-A6KX56EC.js";

// src/actions/addons.ts
await runAction(async () => {
  const { cluster, clusterFile, access, dryRun, name } = commonInputs();
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask, targets: /* @__PURE__ */ new Map() });
  await reporting("Add-ons", run, () => runPhases(run, [reachMasters("last"), applyAddons(clusterFile)]));
});
