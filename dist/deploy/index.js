import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  waitForMasters
} from "../chunks/chunk-XFTK36KT.js";
import {
  joinNodes,
  settleNodes
} from "../chunks/chunk-WVTTOZXE.js";
import {
  applyAddons,
  applyBootstrapManifests
} from "../chunks/chunk-D5ZLWCM2.js";
import {
  waitForEtcd
} from "../chunks/chunk-W2DITRJN.js";
import {
  prepareSecrets
} from "../chunks/chunk-BFHPTJ2K.js";
import {
  applyRole,
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-664ZYUOW.js";
import "../chunks/chunk-7ASJXKWX.js";
import {
  connectHosts,
  newRun,
  runPhases,
  sessionOf,
  targetsOf
} from "../chunks/chunk-X4X6LBSF.js";
import {
  booleanInput,
  commonInputs,
  githubLog,
  hostsWith,
  mask,
  rejoinNames,
  reporting,
  runAction
} from "../chunks/chunk-DKUMWRTV.js";
import {
  setOutput
} from "../chunks/chunk-I5GCN5PY.js";
import "../chunks/chunk-A6KX56EC.js";

// src/phases/wait-for-quorum.ts
var timeoutMs = 12e4;
var waitForQuorum = {
  title: "Wait for etcd",
  async run(run) {
    const [host] = targetsOf(run, "etcd");
    if (!host || run.dryRun || !changedSomething(run.results, "etcd")) return;
    const health = await waitForEtcd(sessionOf(run, host), run.cluster, { need: "all", timeoutMs });
    run.log.info(`etcd: ${health.healthy} of ${health.members.length} members healthy`);
  }
};
function changedSomething(results, phase) {
  return results.some((result) => result.phase === phase && result.changes.length > 0);
}

// src/actions/deploy.ts
await runAction(async () => {
  const { cluster, clusterFile, access, dryRun, name } = commonInputs();
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask, rejoin: rejoinNames(cluster) });
  const [master] = hostsWith(cluster, "master");
  setOutput("endpoint", `https://${master?.address}:${cluster.api.port}`);
  await reporting(
    "Deployment",
    run,
    () => runPhases(run, [
      connectHosts("first", booleanInput("force-restart")),
      gatherFacts,
      checkHosts,
      prepareSecrets,
      fetchBinaries,
      applyRole("etcd", "Apply etcd"),
      waitForQuorum,
      applyRole("master", "Apply masters"),
      waitForMasters,
      applyBootstrapManifests,
      joinNodes,
      settleNodes,
      applyAddons(clusterFile)
    ])
  );
});
