import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  prepareSecrets
} from "../chunks/chunk-RNFXN2QT.js";
import {
  handOver,
  sealBundles
} from "../chunks/chunk-6SS475KK.js";
import {
  checkHosts,
  gatherFacts
} from "../chunks/chunk-XKGHXK6Q.js";
import "../chunks/chunk-CQMD2FEP.js";
import "../chunks/chunk-ZQWTD7UW.js";
import "../chunks/chunk-ELF4RX3X.js";
import {
  commonInputs,
  connectHosts,
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
  getInput,
  setOutput
} from "../chunks/chunk-G2RBRZ4J.js";
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
