import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  removeHosts
} from "../chunks/observe-members.js";
import "../chunks/phases-check-reset.js";
import {
  applyAddons
} from "../chunks/components-addons-bootstrap.js";
import {
  observeAddons
} from "../chunks/phases-observe-cluster.js";
import "../chunks/etcd-health.js";
import "../chunks/plan-node-upgrade.js";
import "../chunks/plan-step.js";
import "../chunks/phases-served-versions.js";
import "../chunks/components-addons-object.js";
import "../chunks/phases-change-words.js";
import "../chunks/plan-kept-role.js";
import "../chunks/etcd-etcdctl.js";
import "../chunks/kubernetes.js";
import {
  reachMasters
} from "../chunks/phases-reach-masters.js";
import {
  runPhases
} from "../chunks/host.js";
import {
  newRun
} from "../chunks/pki.js";
import {
  cancellation,
  commonInputs,
  githubLog,
  mask,
  reporting,
  runAction
} from "../chunks/cluster.js";
import "../chunks/github-hidden-values.js";
import "../chunks/layout-addresses.js";
import "../chunks/host-redact-keys.js";
import "../chunks/actions-exec.js";
import "../chunks/runtime.js";

// src/actions/addons.ts
await runAction(async () => {
  const { cluster, clusterFile, access, dryRun, name } = commonInputs();
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask, targets: /* @__PURE__ */ new Map() });
  await reporting(
    "Add-ons",
    run,
    () => runPhases(run, [reachMasters("last"), observeAddons, removeHosts, applyAddons(clusterFile)], {
      signal: cancellation()
    })
  );
});
