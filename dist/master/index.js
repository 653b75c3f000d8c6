import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  waitForMasters
} from "../chunks/chunk-HL2ESJMX.js";
import "../chunks/chunk-6K3LSHVY.js";
import {
  handOver,
  openBundles
} from "../chunks/chunk-F2AZ5N7N.js";
import {
  applyRole,
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-RC7BZMQ4.js";
import "../chunks/chunk-RMG5WX5P.js";
import "../chunks/chunk-7DWXWQT7.js";
import "../chunks/chunk-PWENICCR.js";
import {
  commonInputs,
  connectHosts,
  hostNames,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-6LUIZWC7.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-6ZCVYHUR.js";
import {
  getInput
} from "../chunks/chunk-5YKLIDLX.js";
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
