import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  bundleFolder,
  openBundles
} from "../chunks/chunk-GYHL25J3.js";
import {
  applyRole,
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-QTP44U6S.js";
import {
  commonInputs,
  connectHosts,
  hostNames,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-474FOBWH.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-OXY4P2NH.js";
import {
  getInput
} from "../chunks/chunk-D542MZNC.js";
import "../chunks/chunk-A6KX56EC.js";

// src/actions/etcd.ts
await runAction(async () => {
  const { cluster, access, dryRun } = commonInputs();
  const targets = /* @__PURE__ */ new Map([["etcd", hostNames(cluster, "etcd")]]);
  const bundles = openBundles(bundleFolder(getInput("bundles")), requiredSecret("age-key"));
  const run = newRun({ cluster, access, dryRun, log: githubLog, mask, targets });
  await reporting(
    "etcd",
    run,
    () => runPhases(run, [bundles, connectHosts(), gatherFacts, checkHosts, fetchBinaries, applyRole("etcd", "Apply etcd")])
  );
});
