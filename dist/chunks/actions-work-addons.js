import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  removeHosts
} from "./observe-members.js";
import "./phases-check-reset.js";
import {
  applyAddons
} from "./phases-apply-manifests.js";
import "./components-addons-bootstrap.js";
import {
  checkLockfile
} from "./components-needs.js";
import "./components.js";
import "./phases-change-words.js";
import "./lockfile-images.js";
import {
  observeAddons
} from "./phases-observe-cluster.js";
import "./plan-node-upgrade.js";
import "./plan-step.js";
import "./phases-upgrade-record.js";
import "./plan-kept-role.js";
import "./etcd-members.js";
import {
  reachMasters
} from "./phases-reach-masters.js";
import {
  runPhases
} from "./host.js";
import "./etcd-health.js";
import "./observe-api.js";
import "./etcd-etcdctl.js";
import "./kubernetes.js";
import {
  newRun
} from "./pki.js";
import "./pki-bootstrap-token.js";
import "./p-limit.js";
import "./entry-json.js";
import "./p-timeout.js";
import "./layout-groups.js";
import "./cluster-authentication.js";
import "./cluster-addresses.js";
import "./cluster-versions.js";
import "./cluster-cel-check.js";
import "./cluster-version-order.js";
import "./cluster-cluster.js";
import "./layout-addresses.js";
import {
  reporting
} from "./github-action.js";
import "./github-secret-inputs.js";
import "./github-summary.js";
import {
  cancellation
} from "./github-cancellation.js";
import {
  githubLog,
  mask
} from "./github-log.js";
import "./entry-bytes.js";
import "./errors.js";
import "./github-hidden-values.js";
import "./host-redact-keys.js";
import "./runtime.js";

// src/actions/work/addons.ts
async function addons({ cluster, clusterFile, access, dryRun, name, commit }) {
  const run = newRun({ cluster, access, dryRun, name, commit, log: githubLog, mask, targets: /* @__PURE__ */ new Map() });
  const before = [reachMasters("last"), observeAddons, checkLockfile(clusterFile, "quiet")];
  await reporting(
    "Add-ons",
    run,
    () => runPhases(run, [...before, removeHosts, applyAddons(clusterFile)], { signal: cancellation() })
  );
}
export {
  addons
};
