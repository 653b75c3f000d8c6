import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  handOver,
  openBundles
} from "../chunks/chunk-2AOBUURU.js";
import "../chunks/chunk-D7VCJL4B.js";
import "../chunks/chunk-RE4EG7HO.js";
import {
  joinNodes,
  settleNodes
} from "../chunks/chunk-24JI557C.js";
import {
  applyBootstrapManifests
} from "../chunks/chunk-HVPZ4I77.js";
import "../chunks/chunk-GKHDKKDH.js";
import "../chunks/chunk-VSWJ4LA4.js";
import {
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-MRMQOI3H.js";
import {
  commonInputs,
  connectHosts,
  hostNames,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-US5DSNXF.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-BEG5QYBB.js";
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
