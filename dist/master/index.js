import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  waitForMasters
} from "../chunks/chunk-2HSZ4XQL.js";
import {
  checkBundles
} from "../chunks/chunk-ESACLLXZ.js";
import "../chunks/chunk-QKM7ENRH.js";
import "../chunks/chunk-TDGOIBO5.js";
import {
  handOver,
  openBundles
} from "../chunks/chunk-XF2W4DB3.js";
import {
  applyRole,
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-FSX36KHK.js";
import "../chunks/chunk-QAP7OEPT.js";
import "../chunks/chunk-NVJ5P2BN.js";
import "../chunks/chunk-3PPCRPWU.js";
import {
  commonInputs,
  connectHosts,
  hostNames,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-A4VTBSGO.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-OMF65OCO.js";
import {
  getInput
} from "../chunks/chunk-5YKLIDLX.js";
import "../chunks/chunk-A6KX56EC.js";

// src/actions/master.ts
await runAction(async () => {
  const { cluster, access, dryRun, name } = commonInputs();
  const targets = /* @__PURE__ */ new Map([["master", hostNames(cluster, "master")]]);
  const jobs = handOver(getInput("bundles"));
  const bundles = openBundles(jobs, requiredSecret("age-key"));
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask, targets });
  await reporting(
    "Masters",
    run,
    () => runPhases(run, [
      bundles,
      connectHosts(),
      gatherFacts,
      checkHosts,
      checkBundles,
      fetchBinaries,
      applyRole("master", "Apply masters"),
      waitForMasters
    ]),
    jobs
  );
});
