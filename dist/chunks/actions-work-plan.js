import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  lockfilePhase
} from "./lockfile-openpgp.js";
import {
  prepareSecrets
} from "./phases-prepare-secrets.js";
import {
  observeEnds
} from "./phases-warn-of-ends.js";
import {
  joinNodes
} from "./phases-join-nodes.js";
import "./phases-kubelet-certificate.js";
import "./check-certificates.js";
import {
  planEtcdMembers
} from "./phases-observe-etcd.js";
import "./phases-pass-gate.js";
import {
  applyRole,
  gatherFacts,
  hostChecks
} from "./phases-apply-role.js";
import {
  removeHosts
} from "./observe-members.js";
import "./phases-check-reset.js";
import {
  applyAddons,
  applyBootstrapManifests
} from "./phases-apply-manifests.js";
import "./components-addons-bootstrap.js";
import "./components-needs.js";
import "./components.js";
import "./phases-change-words.js";
import "./lockfile-images.js";
import "./phases-observe-cluster.js";
import "./plan-node-upgrade.js";
import "./plan-step.js";
import "./phases-upgrade-record.js";
import "./plan-kept-role.js";
import "./etcd-members.js";
import "./phases-reach-masters.js";
import {
  connectHosts,
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
import "./cluster-lock.js";
import "./layout-ports.js";
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

// src/actions/work/plan.ts
async function plan(inputs) {
  const { cluster, clusterFile, access, name, forget } = inputs;
  const run = newRun({ cluster, access, dryRun: true, name, log: githubLog, mask, forget });
  await reporting(
    "Plan",
    run,
    () => runPhases(
      run,
      [
        connectHosts(),
        gatherFacts,
        ...hostChecks,
        ...observeEnds,
        lockfilePhase(inputs),
        planEtcdMembers,
        prepareSecrets,
        applyRole("etcd", "Plan etcd"),
        applyRole("master", "Plan masters"),
        applyBootstrapManifests(clusterFile),
        joinNodes,
        removeHosts,
        applyAddons(clusterFile)
      ],
      { signal: cancellation() }
    )
  );
}
export {
  plan
};
