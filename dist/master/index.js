import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  waitForMasters
} from "../chunks/chunk-SMYPFYPR.js";
import {
  checkBundles
} from "../chunks/chunk-FV2AIIJN.js";
import "../chunks/chunk-I5PLEJ5W.js";
import "../chunks/chunk-RP6P567J.js";
import {
  handOver,
  openBundles
} from "../chunks/chunk-QKK63VVF.js";
import {
  applyRole,
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-4YOEGOXZ.js";
import "../chunks/chunk-IKPWP4KH.js";
import "../chunks/chunk-VRSP246U.js";
import "../chunks/chunk-UYHQKEAI.js";
import {
  commonInputs,
  connectHosts,
  hostNames,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-CPOSWCVI.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-6OL3F2RR.js";
import {
  getInput
} from "../chunks/chunk-AT2JHP65.js";
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
