import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  prepareSecrets
} from "../chunks/chunk-ZVKPZPF7.js";
import {
  handOver,
  sealBundles
} from "../chunks/chunk-DOYIXVMT.js";
import {
  checkHosts,
  gatherFacts
} from "../chunks/chunk-3TTLAQY6.js";
import "../chunks/chunk-MVDECIWE.js";
import "../chunks/chunk-FONU76DE.js";
import "../chunks/chunk-LXLPG5PR.js";
import {
  commonInputs,
  connectHosts,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-LUD722QT.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-6ZCVYHUR.js";
import {
  getInput,
  setOutput
} from "../chunks/chunk-5YKLIDLX.js";
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
    () => runPhases(run, [connectHosts, gatherFacts, checkHosts, prepareSecrets, sealBundles(store, identity)])
  );
  setOutput("issued", String(run.issued.length));
});
