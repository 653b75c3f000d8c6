import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  applyMasters,
  waitForMasters
} from "./phases-apply-masters.js";
import {
  lockfilePhase
} from "./actions-work-lockfile-phase.js";
import {
  joinNodes,
  settleNodes
} from "./phases-join-nodes.js";
import "./phases-pass-gate.js";
import {
  prepareSecrets
} from "./phases-prepare-secrets.js";
import {
  changeEtcdMembers
} from "./etcd-change.js";
import {
  planEtcdMembers
} from "./phases-observe-etcd.js";
import {
  applyRole,
  fetchBinaries,
  gatherFacts,
  hostChecks
} from "./phases-apply-role.js";
import {
  removeHosts
} from "./observe-members.js";
import {
  applyAddons,
  applyBootstrapManifests
} from "./components-addons-bootstrap.js";
import "./phases-check-reset.js";
import "./components.js";
import "./phases-change-words.js";
import "./lockfile-images.js";
import "./phases-reach-masters.js";
import {
  connectHosts,
  runPhases,
  unlessDry
} from "./host.js";
import {
  forgetNodes,
  observe
} from "./phases-observe-cluster.js";
import "./plan-node-upgrade.js";
import "./phases-served-versions.js";
import {
  alarmsOf,
  waitForEtcd
} from "./etcd-health.js";
import "./plan-step.js";
import "./plan-kept-role.js";
import "./etcd-etcdctl.js";
import "./kubernetes.js";
import {
  newRun,
  sessionOf,
  targetsOf
} from "./pki.js";
import "./pki-bootstrap-token.js";
import "./p-timeout.js";
import "./entry-json.js";
import "./layout-groups.js";
import {
  soleAttemptName
} from "./github-run-name.js";
import "./cluster-lock.js";
import "./layout-ports.js";
import "./cluster-addresses.js";
import "./cluster-authentication.js";
import "./cluster-cel-check.js";
import "./cluster-version-order.js";
import "./cluster-versions.js";
import "./cluster-cluster.js";
import {
  apiServerUrl
} from "./layout-addresses.js";
import {
  reporting
} from "./github-action.js";
import "./github-secret-inputs.js";
import {
  cancellation
} from "./github-cancellation.js";
import {
  githubLog,
  mask
} from "./github-log.js";
import {
  setOutput
} from "./github-hidden-values.js";
import "./entry-bytes.js";
import "./errors.js";
import "./host-redact-keys.js";
import "./runtime.js";

// src/phases/wait-for-etcd-members.ts
var timeoutMs = 12e4;
var waitForEtcdMembers = {
  title: "Wait for etcd",
  when: unlessDry,
  async run(run, signal) {
    const [host] = targetsOf(run, "etcd");
    if (!host || !changedSomething(run.results, "etcd")) return;
    const health = await waitForEtcd(sessionOf(run, host), run.cluster, { need: "all", timeoutMs, signal });
    run.log.info(`etcd: ${health.healthy} of ${health.members.length} members healthy`);
    for (const alarm of alarmsOf(health.members)) run.log.warning(`etcd: ${alarm}`);
  }
};
function changedSomething(results, phase) {
  return results.some((result) => result.phase === phase && result.changes.length > 0);
}

// src/actions/work/deploy.ts
async function deploy(inputs) {
  const { cluster, clusterFile } = inputs;
  const run = newRun({ ...inputs, attempt: soleAttemptName(), log: githubLog, mask });
  const master = cluster.hosts.find(({ roles }) => roles.includes("master"));
  if (master) setOutput("endpoint", apiServerUrl(master.address, cluster.api.port));
  const etcd = [changeEtcdMembers(), applyRole("etcd", "Apply etcd"), waitForEtcdMembers];
  const phases = [
    connectHosts("first", inputs.forceRestart),
    gatherFacts,
    ...hostChecks,
    observe,
    lockfilePhase(inputs),
    planEtcdMembers,
    forgetNodes,
    prepareSecrets,
    fetchBinaries,
    ...etcd,
    applyMasters,
    waitForMasters,
    applyBootstrapManifests(clusterFile),
    joinNodes,
    settleNodes,
    removeHosts,
    applyAddons(clusterFile)
  ];
  await reporting("Deployment", run, () => runPhases(run, phases, { signal: cancellation() }));
}
export {
  deploy
};
