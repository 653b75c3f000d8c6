import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  waitForMasters
} from "../chunks/chunk-IOF3G24O.js";
import {
  checkBundles
} from "../chunks/chunk-O2P27H4L.js";
import "../chunks/chunk-5XC42KN3.js";
import "../chunks/chunk-5XGGYTBP.js";
import {
  handOver,
  openBundles
} from "../chunks/chunk-EEICIKBC.js";
import {
  applyRole,
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-4J4QJGCK.js";
import "../chunks/chunk-QAP7OEPT.js";
import "../chunks/chunk-NVJ5P2BN.js";
import "../chunks/chunk-4FJXKZ7P.js";
import {
  commonInputs,
  connectHosts,
  hostNames,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-UCE2JXH2.js";
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
