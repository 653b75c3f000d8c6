import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  prepareSecrets
} from "../chunks/chunk-A4VCTUGA.js";
import {
  handOver,
  sealBundles
} from "../chunks/chunk-XF2W4DB3.js";
import {
  checkHosts,
  gatherFacts
} from "../chunks/chunk-FSX36KHK.js";
import "../chunks/chunk-QAP7OEPT.js";
import "../chunks/chunk-NVJ5P2BN.js";
import "../chunks/chunk-3PPCRPWU.js";
import {
  commonInputs,
  connectHosts,
  keepHosts,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-A4VTBSGO.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-OMF65OCO.js";
import {
  getInput,
  setOutput
} from "../chunks/chunk-5YKLIDLX.js";
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
