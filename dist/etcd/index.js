import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  handOver,
  openBundles
} from "../chunks/chunk-6SS475KK.js";
import {
  applyRole,
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-XKGHXK6Q.js";
import "../chunks/chunk-CQMD2FEP.js";
import "../chunks/chunk-ZQWTD7UW.js";
import "../chunks/chunk-ELF4RX3X.js";
import {
  commonInputs,
  connectHosts,
  hostNames,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-Q2LJ7MGC.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-M4RDCLRX.js";
import {
  getInput
} from "../chunks/chunk-G2RBRZ4J.js";
import "../chunks/chunk-A6KX56EC.js";

// src/actions/etcd.ts
await runAction(async () => {
  const { cluster, access, dryRun } = commonInputs();
  const targets = /* @__PURE__ */ new Map([["etcd", hostNames(cluster, "etcd")]]);
  const jobs = handOver(getInput("bundles"));
  const bundles = openBundles(jobs, requiredSecret("age-key"));
  const run = newRun({ cluster, access, dryRun, log: githubLog, mask, targets });
  await reporting(
    "etcd",
    run,
    () => runPhases(run, [
      bundles,
      connectHosts(),
      gatherFacts,
      checkHosts,
      fetchBinaries,
      applyRole("etcd", "Apply etcd")
    ]),
    jobs
  );
});
