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
  changeEtcdMembers
} from "../chunks/etcd-change.js";
import {
  applyMasters,
  waitForMasters
} from "../chunks/phases-apply-masters.js";
import {
  joinNodes,
  settleNodes
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
  forgetNodes,
  observe
} from "../chunks/phases-observe-cluster.js";
import {
  alarmsOf,
  waitForEtcd
} from "../chunks/etcd-health.js";
import {
  planEtcdMembers
} from "../chunks/phases-observe-etcd.js";
import "../chunks/plan-node-upgrade.js";
import "../chunks/plan-step.js";
import "../chunks/phases-served-versions.js";
import {
  gateCommand
} from "../chunks/github-upgrade-gate.js";
import {
  applyRole,
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/components.js";
import "../chunks/github-child-environment.js";
import "../chunks/components-addons-object.js";
import "../chunks/phases-change-words.js";
import "../chunks/plan-kept-role.js";
import "../chunks/etcd-etcdctl.js";
import "../chunks/kubernetes.js";
import "../chunks/phases-reach-masters.js";
import {
  connectHosts,
  runPhases,
  unlessDry
} from "../chunks/host.js";
import {
  newRun,
  sessionOf,
  targetsOf
} from "../chunks/pki.js";
import {
  booleanInput,
  cancellation,
  commonInputs,
  forgetNames,
  githubLog,
  mask,
  rejoinNames,
  reporting,
  runAction,
  soleAttemptName
} from "../chunks/cluster.js";
import {
  setOutput
} from "../chunks/github-hidden-values.js";
import {
  apiServerUrl,
  hostsWith
} from "../chunks/layout-addresses.js";
import "../chunks/host-redact-keys.js";
import "../chunks/actions-exec.js";
import "../chunks/runtime.js";

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

// src/actions/deploy.ts
await runAction(async () => {
  const { cluster, clusterFile, access, dryRun, name } = commonInputs();
  const more = { rejoin: rejoinNames(cluster), forget: forgetNames(cluster), gate: gateCommand(cluster, dryRun) };
  const run = newRun({ cluster, access, dryRun, name, attempt: soleAttemptName(), log: githubLog, mask, ...more });
  const [master] = hostsWith(cluster, "master");
  if (master) setOutput("endpoint", apiServerUrl(master.address, cluster.api.port));
  await reporting(
    "Deployment",
    run,
    () => runPhases(
      run,
      [
        connectHosts("first", booleanInput("force-restart")),
        gatherFacts,
        checkHosts,
        observe,
        planEtcdMembers,
        forgetNodes,
        prepareSecrets,
        fetchBinaries,
        changeEtcdMembers(),
        applyRole("etcd", "Apply etcd"),
        waitForEtcdMembers,
        applyMasters,
        waitForMasters,
        applyBootstrapManifests(clusterFile),
        joinNodes,
        settleNodes,
        removeHosts,
        applyAddons(clusterFile)
      ],
      { signal: cancellation() }
    )
  );
});
