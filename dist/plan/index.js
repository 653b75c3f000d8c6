import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  matrixOf
} from "../chunks/phases-matrix.js";
import {
  runClusterAction
} from "../chunks/github-cluster-action.js";
import {
  forgetNames
} from "../chunks/cluster-addresses.js";
import "../chunks/github-run-name.js";
import "../chunks/cluster-election.js";
import "../chunks/cluster-authentication.js";
import "../chunks/cluster-cel-check.js";
import "../chunks/cluster-version-order.js";
import "../chunks/cluster-versions.js";
import {
  hostsWith
} from "../chunks/cluster-cluster.js";
import "../chunks/layout-addresses.js";
import "../chunks/github-small-file.js";
import "../chunks/github-action.js";
import "../chunks/github-secret-inputs.js";
import "../chunks/github-cancellation.js";
import "../chunks/github-log.js";
import {
  setOutput
} from "../chunks/github-hidden-values.js";
import {
  roles
} from "../chunks/entry-bytes.js";
import "../chunks/errors.js";
import "../chunks/host-redact-keys.js";
import "../chunks/runtime.js";

// src/actions/plan.ts
await runClusterAction(
  ({ cluster }) => {
    setOutput("name", cluster.name);
    for (const role of roles) {
      const names = hostsWith(cluster, role).map((host) => host.name);
      setOutput(role, matrixOf(names));
    }
    return { forget: forgetNames(cluster) };
  },
  async () => (await import("../chunks/actions-work-plan.js")).plan
);
