import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  prepareSecrets
} from "../chunks/chunk-BFHPTJ2K.js";
import {
  handOver,
  sealBundles
} from "../chunks/chunk-4OASQODB.js";
import {
  checkHosts,
  gatherFacts
} from "../chunks/chunk-664ZYUOW.js";
import "../chunks/chunk-7ASJXKWX.js";
import "../chunks/chunk-RDUNI5DT.js";
import "../chunks/chunk-Z22LI7BE.js";
import {
  connectHosts,
  keepHosts,
  newRun,
  runPhases
} from "../chunks/chunk-X4X6LBSF.js";
import {
  commonInputs,
  githubLog,
  mask,
  reporting,
  requiredSecret,
  runAction
} from "../chunks/chunk-DKUMWRTV.js";
import {
  getInput,
  setOutput
} from "../chunks/chunk-I5GCN5PY.js";
import "../chunks/chunk-A6KX56EC.js";

// src/actions/pki.ts
await runAction(async () => {
  const { cluster, access, dryRun, name } = commonInputs();
  const identity = requiredSecret("age-key");
  const store = handOver(getInput("bundles"));
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask });
  await reporting(
    "Certificates",
    run,
    () => runPhases(run, [
      connectHosts("first"),
      gatherFacts,
      checkHosts,
      prepareSecrets,
      sealBundles(store, identity),
      keepHosts
    ])
  );
  setOutput("issued", String(run.issued.length));
});
