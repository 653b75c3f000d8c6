import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  joinNodes,
  settleNodes
} from "../chunks/chunk-4XX2XL5X.js";
import {
  applyBootstrapManifests
} from "../chunks/chunk-O34PYV6E.js";
import "../chunks/chunk-FVRGWEWX.js";
import {
  checkBundles
} from "../chunks/chunk-Q3HXKYRW.js";
import "../chunks/chunk-EQGUK2QU.js";
import {
  reachMasters
} from "../chunks/chunk-PFJKBBQH.js";
import {
  handOver,
  openBundles
} from "../chunks/chunk-DOYIXVMT.js";
import {
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-3TTLAQY6.js";
import "../chunks/chunk-MVDECIWE.js";
import "../chunks/chunk-FONU76DE.js";
import "../chunks/chunk-LXLPG5PR.js";
import {
  commonInputs,
  connectHosts,
  hostNames,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-LUD722QT.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-6ZCVYHUR.js";
import {
  getInput
} from "../chunks/chunk-5YKLIDLX.js";
import "../chunks/chunk-A6KX56EC.js";

// src/actions/node.ts
await runAction(async () => {
  const { cluster, access, dryRun } = commonInputs();
  const targets = /* @__PURE__ */ new Map([["node", hostNames(cluster, "node")]]);
  const jobs = handOver(getInput("bundles"));
  const bundles = openBundles(jobs, requiredSecret("age-key"));
  const run = newRun({ cluster, access, dryRun, log: githubLog, mask, targets });
  await reporting(
    "Nodes",
    run,
    () => runPhases(run, [
      bundles,
      connectHosts,
      reachMasters,
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
