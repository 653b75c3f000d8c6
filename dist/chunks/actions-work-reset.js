import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  connectReachable
} from "./phases-connect-reset.js";
import {
  checkReset,
  resetHosts
} from "./phases-check-reset.js";
import "./phases-change-words.js";
import {
  runPhases
} from "./host.js";
import "./etcd-health.js";
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
import "./cluster-versions.js";
import "./cluster-cel-check.js";
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

// src/actions/work/reset.ts
var halfReset = "Hosts may be half reset: run reset again, it completes what this run began.";
async function reset({ cluster, access, dryRun, name, commit, targets }) {
  const run = newRun({ cluster, access, dryRun, name, commit, log: githubLog, mask, targets });
  await reporting(
    "Reset",
    run,
    () => runPhases(run, [connectReachable, checkReset, resetHosts], { signal: cancellation({ hint: halfReset }) })
  );
}
export {
  reset
};
