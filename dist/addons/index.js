import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  applyAddons
} from "../chunks/chunk-XOPOYX6J.js";
import "../chunks/chunk-EOPXGECU.js";
import {
  reachMasters
} from "../chunks/chunk-HKR6IXCV.js";
import {
  commonInputs,
  mask,
  newRun,
  runPhases
} from "../chunks/chunk-AIUQ4GAJ.js";
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
