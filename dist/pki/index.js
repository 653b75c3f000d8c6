import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  bundleFolder,
  sealBundles
} from "../chunks/chunk-GYHL25J3.js";
import {
  prepareSecrets
} from "../chunks/chunk-MZMNPEVF.js";
import {
  checkHosts,
  gatherFacts
} from "../chunks/chunk-QTP44U6S.js";
import {
  commonInputs,
  connectHosts,
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
  getInput,
  setOutput
} from "../chunks/chunk-D542MZNC.js";
import "../chunks/chunk-A6KX56EC.js";

// src/actions/pki.ts
await runAction(async () => {
  const { cluster, access, dryRun } = commonInputs();
  const identity = requiredSecret("age-key");
  const store = bundleFolder(getInput("bundles"));
  const run = newRun({ cluster, access, dryRun, log: githubLog, mask });
  await reporting(
    "Certificates",
    run,
    () => runPhases(run, [connectHosts(), gatherFacts, checkHosts, prepareSecrets, sealBundles(store, identity)])
  );
  setOutput("issued", String(run.issued.length));
});
