import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  joinNodes
} from "../chunks/chunk-R6Q6VAOC.js";
import {
  applyAddons,
  applyBootstrapManifests
} from "../chunks/chunk-2L7PAOVD.js";
import "../chunks/chunk-QKM7ENRH.js";
import {
  prepareSecrets
} from "../chunks/chunk-A4VCTUGA.js";
import {
  applyRole,
  checkHosts,
  gatherFacts
} from "../chunks/chunk-FSX36KHK.js";
import "../chunks/chunk-3PPCRPWU.js";
import {
  commonInputs,
  connectHosts,
  hostsWith,
  mask,
  newRun,
  roles,
  runPhases
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
    setOutput(role, JSON.stringify(matrixOf(names)));
  }
  const run = newRun({ cluster, access, dryRun: true, name, log: githubLog, mask });
  await reporting(
    "Plan",
    run,
    () => runPhases(run, [
      connectHosts(),
      gatherFacts,
      checkHosts,
      prepareSecrets,
      applyRole("etcd", "Plan etcd"),
      applyRole("master", "Plan masters"),
      applyBootstrapManifests,
      joinNodes,
      applyAddons(clusterFile)
    ])
  );
});
