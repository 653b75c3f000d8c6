import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  prepareSecrets
} from "../chunks/chunk-B4HOFMBL.js";
import {
  handOver,
  sealBundles
} from "../chunks/chunk-QKK63VVF.js";
import {
  checkHosts,
  gatherFacts
} from "../chunks/chunk-4YOEGOXZ.js";
import "../chunks/chunk-IKPWP4KH.js";
import "../chunks/chunk-VRSP246U.js";
import "../chunks/chunk-UYHQKEAI.js";
import {
  commonInputs,
  connectHosts,
  keepHosts,
  mask,
  newRun,
  requiredSecret,
  runPhases
} from "../chunks/chunk-CPOSWCVI.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-6OL3F2RR.js";
import {
  getInput,
  setOutput
} from "../chunks/chunk-AT2JHP65.js";
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
