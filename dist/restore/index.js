import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  runClusterAction
} from "../chunks/github-cluster-action.js";
import {
  confirmCluster,
  invalidInput
} from "../chunks/cluster-checks.js";
import "../chunks/cluster-lock.js";
import "../chunks/github-run-name.js";
import "../chunks/layout-ports.js";
import "../chunks/cluster-authentication.js";
import "../chunks/cluster-addresses.js";
import "../chunks/cluster-versions.js";
import "../chunks/cluster-cel-check.js";
import "../chunks/cluster-version-order.js";
import {
  hostsWith
} from "../chunks/cluster-cluster.js";
import "../chunks/layout-addresses.js";
import "../chunks/github-action.js";
import "../chunks/github-secret-inputs.js";
import "../chunks/github-small-file.js";
import "../chunks/github-summary.js";
import "../chunks/github-cancellation.js";
import "../chunks/github-log.js";
import "../chunks/entry-bytes.js";
import {
  Problem
} from "../chunks/errors.js";
import {
  getInput
} from "../chunks/github-hidden-values.js";
import "../chunks/host-redact-keys.js";
import "../chunks/runtime.js";

// src/github/restore-inputs.ts
function restoreInputs(common) {
  confirmCluster(common.cluster, "RESTORE_UNCONFIRMED", "A restore decides which data the cluster continues with");
  return { ...common, survivor: survivorIn(common.cluster) };
}
function survivorIn(cluster) {
  const survivor = getInput("survivor");
  const members = hostsWith(cluster, "etcd").map(({ name }) => name);
  const fix = `Write the name of the host of etcd that still has its data: ${members.join(", ")}.`;
  if (!survivor) throw new Problem("the input survivor is missing", { code: "INPUT_MISSING", hint: fix });
  if (!members.includes(survivor)) throw invalidInput("survivor", survivor, fix);
  return survivor;
}

// src/actions/restore.ts
await runClusterAction(restoreInputs, async () => (await import("../chunks/actions-work-after-restore.js")).restore);
