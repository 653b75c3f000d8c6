import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  waitForMasters
} from "../chunks/chunk-KOTIZYR7.js";
import "../chunks/chunk-7IKDIOEN.js";
import "../chunks/chunk-DYL6EKBW.js";
import {
  handOver,
  openBundles
} from "../chunks/chunk-IQP7MTMF.js";
import {
  applyRole,
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-ODDS2KUP.js";
import "../chunks/chunk-CQMD2FEP.js";
import "../chunks/chunk-ZQWTD7UW.js";
import "../chunks/chunk-4ALKMSJ6.js";
import {
  commonInputs,
  connectHosts,
  hostNames,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-3FRV6ZCL.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-M4RDCLRX.js";
import {
  getInput
} from "../chunks/chunk-G2RBRZ4J.js";
import "../chunks/chunk-A6KX56EC.js";

// src/actions/master.ts
await runAction(async () => {
  const { cluster, access, dryRun } = commonInputs();
  const targets = /* @__PURE__ */ new Map([["master", hostNames(cluster, "master")]]);
  const jobs = handOver(getInput("bundles"));
  const bundles = openBundles(jobs, requiredSecret("age-key"));
  const run = newRun({ cluster, access, dryRun, log: githubLog, mask, targets });
  await reporting(
    "Masters",
    run,
    () => runPhases(run, [
      bundles,
      connectHosts(),
      gatherFacts,
      checkHosts,
      fetchBinaries,
      applyRole("master", "Apply masters"),
      waitForMasters
    ]),
    jobs
  );
});
