import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  prepareSecrets
} from "../chunks/chunk-J7DEVKRX.js";
import {
  handOver,
  sealBundles
} from "../chunks/chunk-F2AZ5N7N.js";
import {
  checkHosts,
  gatherFacts
} from "../chunks/chunk-RC7BZMQ4.js";
import "../chunks/chunk-RMG5WX5P.js";
import "../chunks/chunk-7DWXWQT7.js";
import "../chunks/chunk-PWENICCR.js";
import {
  commonInputs,
  connectHosts,
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
    () => runPhases(run, [connectHosts(), gatherFacts, checkHosts, prepareSecrets, sealBundles(store, identity)])
  );
  setOutput("issued", String(run.issued.length));
});
