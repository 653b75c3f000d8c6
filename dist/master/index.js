import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  waitForMasters
} from "../chunks/chunk-XFTK36KT.js";
import {
  checkBundles
} from "../chunks/chunk-AGXFTNZH.js";
import "../chunks/chunk-W2DITRJN.js";
import "../chunks/chunk-SI2KBCPS.js";
import {
  handOver,
  openBundles
} from "../chunks/chunk-4OASQODB.js";
import {
  applyRole,
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-664ZYUOW.js";
import "../chunks/chunk-7ASJXKWX.js";
import "../chunks/chunk-RDUNI5DT.js";
import "../chunks/chunk-Z22LI7BE.js";
import {
  connectHosts,
  newRun,
  runPhases
} from "../chunks/chunk-X4X6LBSF.js";
import {
  booleanInput,
  commonInputs,
  githubLog,
  hostNames,
  mask,
  reporting,
  requiredSecret,
  runAction
} from "../chunks/chunk-DKUMWRTV.js";
import {
  getInput
} from "../chunks/chunk-I5GCN5PY.js";
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
      connectHosts("later", booleanInput("force-restart")),
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
