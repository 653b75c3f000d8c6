import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  joinNodes,
  settleNodes
} from "../chunks/chunk-B3RIUZR2.js";
import {
  applyBootstrapManifests
} from "../chunks/chunk-GOZVZMVE.js";
import {
  checkBundles
} from "../chunks/chunk-4GSWFNHC.js";
import "../chunks/chunk-4FHIZIOM.js";
import {
  reachMasters
} from "../chunks/chunk-OJINMANC.js";
import {
  handOver,
  openBundles
} from "../chunks/chunk-AL5BQOIB.js";
import {
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-H47CO4VG.js";
import "../chunks/chunk-7ASJXKWX.js";
import "../chunks/chunk-RDUNI5DT.js";
import "../chunks/chunk-Z22LI7BE.js";
import {
  connectHosts,
  newRun,
  runPhases
} from "../chunks/chunk-EUWP5BT5.js";
import {
  commonInputs,
  githubLog,
  hostNames,
  mask,
  rejoinNames,
  reporting,
  requiredSecret,
  runAction
} from "../chunks/chunk-DKUMWRTV.js";
import {
  getInput
} from "../chunks/chunk-I5GCN5PY.js";
import "../chunks/chunk-A6KX56EC.js";

// src/actions/node.ts
await runAction(async () => {
  const { cluster, access, dryRun, name } = commonInputs();
  const targets = /* @__PURE__ */ new Map([["node", hostNames(cluster, "node")]]);
  const jobs = handOver(getInput("bundles"));
  const bundles = openBundles(jobs, requiredSecret("age-key"));
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask, targets, rejoin: rejoinNames(cluster) });
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
