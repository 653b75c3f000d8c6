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
  joinNodes
} from "../chunks/phases-join-nodes.js";
import {
  applyAddons,
  applyBootstrapManifests
} from "../chunks/components-addons-bootstrap.js";
import "../chunks/phases-pass-gate.js";
import {
  prepareSecrets
} from "../chunks/phases-prepare-secrets.js";
import {
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
  applyRole,
  checkHosts,
  gatherFacts
} from "../chunks/components.js";
import "../chunks/components-addons-object.js";
import "../chunks/phases-change-words.js";
import "../chunks/plan-kept-role.js";
import "../chunks/etcd-etcdctl.js";
import "../chunks/kubernetes.js";
import "../chunks/phases-reach-masters.js";
import {
  connectHosts,
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
  runAction
} from "../chunks/cluster.js";
import {
  setOutput
} from "../chunks/github-hidden-values.js";
import {
  hostsWith,
  roles
} from "../chunks/layout-addresses.js";
import "../chunks/host-redact-keys.js";
import "../chunks/actions-exec.js";
import "../chunks/runtime.js";

// src/phases/matrix.ts
var matrixLimit = 256;
function matrixOf(names, limit = matrixLimit) {
  const perEntry = Math.ceil(names.length / limit);
  if (perEntry <= 1) return names;
  const entries = Math.ceil(names.length / perEntry);
  return Array.from({ length: entries }, (_, index) => names.slice(index * perEntry, (index + 1) * perEntry).join(","));
}

// src/actions/plan.ts
await runAction(async () => {
  const { cluster, clusterFile, access, name } = commonInputs();
  setOutput("name", cluster.name);
  for (const role of roles) {
    const names = hostsWith(cluster, role).map((host) => host.name);
    setOutput(role, matrixOf(names));
  }
  const forget = forgetNames(cluster);
  const run = newRun({ cluster, access, dryRun: true, name, log: githubLog, mask, forget });
  await reporting(
    "Plan",
    run,
    () => runPhases(
      run,
      [
        connectHosts(),
        gatherFacts,
        checkHosts,
        observe,
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
});
