import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  waitForMasters
} from "../chunks/chunk-TCPYXYIL.js";
import {
  bundleFolder,
  openBundles
} from "../chunks/chunk-GYHL25J3.js";
import "../chunks/chunk-YV7DPEQC.js";
import "../chunks/chunk-DYL6EKBW.js";
import "../chunks/chunk-BTWJCKRW.js";
import {
  applyRole,
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-QTP44U6S.js";
import {
  commonInputs,
  connectHosts,
  hostNames,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-474FOBWH.js";
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
