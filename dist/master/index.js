import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  waitForMasters
} from "../chunks/chunk-RJQOQ42J.js";
import {
  bundleFolder,
  openBundles
} from "../chunks/chunk-5CRDVCQ5.js";
import "../chunks/chunk-TFUJ4UL5.js";
import "../chunks/chunk-DYL6EKBW.js";
import "../chunks/chunk-BTWJCKRW.js";
import {
  applyRole,
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-SE22STYE.js";
import {
  commonInputs,
  connectHosts,
  hostNames,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-CBN7ORXV.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-OXY4P2NH.js";
import {
  getInput
} from "../chunks/chunk-D542MZNC.js";
import "../chunks/chunk-A6KX56EC.js";

// src/actions/master.ts
await runAction(async () => {
  const { cluster, access, dryRun } = commonInputs();
  const targets = /* @__PURE__ */ new Map([["master", hostNames(cluster, "master")]]);
  const bundles = openBundles(bundleFolder(getInput("bundles")), requiredSecret("age-key"));
  const run = newRun({ cluster, access, dryRun, log: githubLog, mask, targets });
  await reporting(
    "Masters",
    run,
    () => runPhases(run, [
      bundles,
      connectHosts(),
      gatherFacts,
      checkHosts,
      fetchBinaries,
      applyRole("master", "Apply masters"),
      waitForMasters
    ])
  );
});
