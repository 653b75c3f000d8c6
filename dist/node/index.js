import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  joinNodes,
  settleNodes
} from "../chunks/chunk-UIGQ7JHD.js";
import {
  applyBootstrapManifests
} from "../chunks/chunk-XOPOYX6J.js";
import {
  checkBundles
} from "../chunks/chunk-MDYCSEPE.js";
import "../chunks/chunk-EOPXGECU.js";
import {
  reachMasters
} from "../chunks/chunk-HKR6IXCV.js";
import {
  handOver,
  openBundles
} from "../chunks/chunk-MLXRVK56.js";
import {
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-UDHATB36.js";
import "../chunks/chunk-QAP7OEPT.js";
import "../chunks/chunk-NVJ5P2BN.js";
import "../chunks/chunk-5UFHFXYV.js";
import {
  commonInputs,
  connectHosts,
  hostNames,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-AIUQ4GAJ.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-OMF65OCO.js";
import {
  getInput
} from "../chunks/chunk-5YKLIDLX.js";
import "../chunks/chunk-A6KX56EC.js";

// src/actions/node.ts
await runAction(async () => {
  const { cluster, access, dryRun, name } = commonInputs();
  const targets = /* @__PURE__ */ new Map([["node", hostNames(cluster, "node")]]);
  const jobs = handOver(getInput("bundles"));
  const bundles = openBundles(jobs, requiredSecret("age-key"));
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask, targets });
  await reporting(
    "Nodes",
    run,
    () => runPhases(run, [
      bundles,
      connectHosts(),
      reachMasters("later"),
      gatherFacts,
      checkHosts,
      checkBundles,
      applyBootstrapManifests,
      fetchBinaries,
      joinNodes,
      settleNodes
    ]),
    jobs
  );
});
