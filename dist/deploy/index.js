import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  waitForMasters
} from "../chunks/chunk-2HSZ4XQL.js";
import {
  joinNodes,
  settleNodes
} from "../chunks/chunk-R6Q6VAOC.js";
import {
  applyAddons,
  applyBootstrapManifests
} from "../chunks/chunk-2L7PAOVD.js";
import {
  waitForEtcd
} from "../chunks/chunk-QKM7ENRH.js";
import {
  prepareSecrets
} from "../chunks/chunk-A4VCTUGA.js";
import {
  applyRole,
  checkHosts,
  fetchBinaries,
  gatherFacts
} from "../chunks/chunk-FSX36KHK.js";
import "../chunks/chunk-3PPCRPWU.js";
import {
  commonInputs,
  connectHosts,
  hostsWith,
  mask,
  newRun,
  runPhases,
  sessionOf,
  targetsOf
} from "../chunks/chunk-A4VTBSGO.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-OMF65OCO.js";
import {
  setOutput
} from "../chunks/chunk-5YKLIDLX.js";
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
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask });
  const [master] = hostsWith(cluster, "master");
  setOutput("endpoint", `https://${master?.address}:${cluster.api.port}`);
  await reporting(
    "Deployment",
    run,
    () => runPhases(run, [
      connectHosts("first"),
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
