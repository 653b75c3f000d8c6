import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  handOver,
  openBundles
} from "../chunks/chunk-P5TKDIK2.js";
import "../chunks/chunk-AORDMDXQ.js";
import {
  joinNodes,
  settleNodes
} from "../chunks/chunk-FEPNAW3O.js";
import {
  applyBootstrapManifests
} from "../chunks/chunk-TJJND4CJ.js";
import "../chunks/chunk-MU7CYD4B.js";
import "../chunks/chunk-DYL6EKBW.js";
import {
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-JR76UKME.js";
import {
  commonInputs,
  connectHosts,
  hostNames,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-DQDNZ5BZ.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-45DODWBZ.js";
import {
  getInput
} from "../chunks/chunk-G4OEIPOC.js";
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
      connectHosts({ masters: true }),
      gatherFacts,
      checkHosts,
      applyBootstrapManifests,
      fetchBinaries,
      joinNodes,
      settleNodes
    ]),
    jobs
  );
});
