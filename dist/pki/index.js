import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  prepareSecrets
} from "../chunks/phases-prepare-secrets.js";
import {
  forgetNodes,
  observe
} from "../chunks/phases-observe-cluster.js";
import "../chunks/etcd-health.js";
import {
  planEtcdMembers
} from "../chunks/phases-observe-etcd.js";
import "../chunks/plan-node-upgrade.js";
import "../chunks/plan-step.js";
import "../chunks/phases-served-versions.js";
import {
  jobHandoff,
  sealBundles
} from "../chunks/github-artifacts.js";
import {
  gateCommand
} from "../chunks/github-upgrade-gate.js";
import {
  checkHosts,
  gatherFacts
} from "../chunks/components.js";
import "../chunks/github-child-environment.js";
import "../chunks/components-addons-object.js";
import "../chunks/phases-change-words.js";
import "../chunks/plan-kept-role.js";
import "../chunks/etcd-etcdctl.js";
import "../chunks/github-reports.js";
import "../chunks/github-artifact-client.js";
import "../chunks/kubernetes.js";
import "../chunks/phases-reach-masters.js";
import {
  connectHosts,
  holdHosts,
  runPhases
} from "../chunks/host.js";
import {
  newRun
} from "../chunks/pki.js";
import {
  cancellation,
  commonInputs,
  forgetNames,
  githubLog,
  mask,
  reporting,
  requiredSecret,
  runAction
} from "../chunks/cluster.js";
import {
  getInput,
  setOutput
} from "../chunks/github-hidden-values.js";
import "../chunks/layout-addresses.js";
import "../chunks/host-redact-keys.js";
import "../chunks/actions-exec.js";
import "../chunks/runtime.js";

// src/actions/pki.ts
await runAction(async () => {
  const { cluster, access, dryRun, name } = commonInputs();
  const identity = requiredSecret("age-key");
  const store = jobHandoff(getInput("bundles"));
  const forget = forgetNames(cluster);
  const gate = gateCommand(cluster, dryRun);
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask, forget, gate });
  await reporting(
    "Certificates",
    run,
    () => runPhases(
      run,
      [
        connectHosts("first"),
        gatherFacts,
        checkHosts,
        observe,
        planEtcdMembers,
        forgetNodes,
        prepareSecrets,
        sealBundles(store, identity),
        holdHosts
      ],
      { signal: cancellation() }
    )
  );
  setOutput("issued", String(run.issued.length));
});
