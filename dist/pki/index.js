import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  handOver,
  sealBundles
} from "../chunks/chunk-4RVYSPFK.js";
import "../chunks/chunk-W3ZRZHFQ.js";
import "../chunks/chunk-RFYFS57C.js";
import {
  prepareSecrets
} from "../chunks/chunk-OX5LRWPV.js";
import {
  checkHosts,
  gatherFacts
} from "../chunks/chunk-NKF5FZGE.js";
import {
  commonInputs,
  connectHosts,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-KL57XTIM.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-KDZS6LKS.js";
import {
  getInput,
  setOutput
} from "../chunks/chunk-R6N5IF2D.js";
import "../chunks/chunk-A6KX56EC.js";

// src/actions/pki.ts
await runAction(async () => {
  const { cluster, access, dryRun } = commonInputs();
  const identity = requiredSecret("age-key");
  const store = handOver(getInput("bundles"));
  const run = newRun({ cluster, access, dryRun, log: githubLog, mask });
  await reporting(
    "Certificates",
    run,
    () => runPhases(run, [connectHosts(), gatherFacts, checkHosts, prepareSecrets, sealBundles(store, identity)])
  );
  setOutput("issued", String(run.issued.length));
});
