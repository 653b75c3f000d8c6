import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  joinNodes
} from "../chunks/chunk-WVTTOZXE.js";
import {
  applyAddons,
  applyBootstrapManifests
} from "../chunks/chunk-D5ZLWCM2.js";
import "../chunks/chunk-W2DITRJN.js";
import {
  prepareSecrets
} from "../chunks/chunk-BFHPTJ2K.js";
import {
  applyRole,
  checkHosts,
  gatherFacts
} from "../chunks/chunk-664ZYUOW.js";
import "../chunks/chunk-7ASJXKWX.js";
import {
  connectHosts,
  newRun,
  runPhases
} from "../chunks/chunk-X4X6LBSF.js";
import {
  commonInputs,
  githubLog,
  hostsWith,
  mask,
  reporting,
  roles,
  runAction
} from "../chunks/chunk-DKUMWRTV.js";
import {
  setOutput
} from "../chunks/chunk-I5GCN5PY.js";
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
    setOutput(role, matrixOf(names));
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
