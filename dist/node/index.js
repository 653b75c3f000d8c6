import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  handOver,
  openBundles
} from "../chunks/chunk-JCW5AOVM.js";
import "../chunks/chunk-6DABEPHQ.js";
import {
  joinNodes,
  settleNodes
} from "../chunks/chunk-B42MYIHN.js";
import {
  applyBootstrapManifests
} from "../chunks/chunk-STJCIVYL.js";
import "../chunks/chunk-NAYASH2M.js";
import "../chunks/chunk-VSWJ4LA4.js";
import {
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-J2LHE3V5.js";
import {
  commonInputs,
  connectHosts,
  hostNames,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-746IMLOJ.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-WA7UJY6L.js";
import {
  getInput
} from "../chunks/chunk-LQIQO6L6.js";
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
