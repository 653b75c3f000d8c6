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
  booleanInput,
  numberInput,
  requiredChoice
} from "../chunks/cluster-checks.js";
import "../chunks/cluster-lock.js";
import "../chunks/github-run-name.js";
import "../chunks/layout-ports.js";
import "../chunks/cluster-authentication.js";
import "../chunks/cluster-addresses.js";
import "../chunks/cluster-versions.js";
import "../chunks/cluster-cel-check.js";
import "../chunks/cluster-version-order.js";
import "../chunks/cluster-cluster.js";
import "../chunks/layout-addresses.js";
import "../chunks/github-action.js";
import "../chunks/github-secret-inputs.js";
import "../chunks/github-small-file.js";
import "../chunks/github-summary.js";
import "../chunks/github-cancellation.js";
import "../chunks/github-log.js";
import "../chunks/entry-bytes.js";
import "../chunks/errors.js";
import "../chunks/github-hidden-values.js";
import "../chunks/host-redact-keys.js";
import "../chunks/runtime.js";

// src/actions/rotate.ts
await runClusterAction(
  () => ({
    what: requiredChoice("what", [
      "encryption-key",
      "service-account-key",
      "front-proxy-ca",
      "etcd-ca",
      "kubernetes-ca",
      "certificates"
    ]),
    tokenHours: numberInput("token-hours", 24),
    restartPods: booleanInput("restart-pods")
  }),
  async () => (await import("../chunks/actions-work-rotate.js")).rotate
);
