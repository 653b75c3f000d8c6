import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  joinNodes,
  settleNodes
} from "../chunks/chunk-PAQEVN2G.js";
import {
  applyBootstrapManifests
} from "../chunks/chunk-S5OHN77L.js";
import "../chunks/chunk-FVRGWEWX.js";
import {
  checkBundles
} from "../chunks/chunk-LU7M2IRC.js";
import "../chunks/chunk-7LWUNCJF.js";
import {
  reachMasters
} from "../chunks/chunk-BZRHH5PQ.js";
import {
  handOver,
  openBundles
} from "../chunks/chunk-GSFQOIQV.js";
import {
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-WFAQOOF4.js";
import "../chunks/chunk-LIE4AWBK.js";
import "../chunks/chunk-3KHW3KDD.js";
import "../chunks/chunk-WZ2WPEU3.js";
import {
  commonInputs,
  connectHosts,
  hostNames,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-6UNG42BR.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-OJ4GEE7N.js";
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
