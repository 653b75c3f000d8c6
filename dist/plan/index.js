import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  joinNodes
} from "../chunks/chunk-B42MYIHN.js";
import {
  applyAddons,
  applyBootstrapManifests
} from "../chunks/chunk-STJCIVYL.js";
import "../chunks/chunk-NAYASH2M.js";
import "../chunks/chunk-VSWJ4LA4.js";
import {
  prepareSecrets
} from "../chunks/chunk-LGPXWPOQ.js";
import {
  applyRole,
  checkHosts,
  gatherFacts
} from "../chunks/chunk-J2LHE3V5.js";
import {
  commonInputs,
  connectHosts,
  hostsWith,
  mask,
  newRun,
  roles,
  runPhases
} from "../chunks/chunk-746IMLOJ.js";
import {
  githubLog,
  reporting,
  runAction
} from "../chunks/chunk-WA7UJY6L.js";
import {
  setOutput
} from "../chunks/chunk-LQIQO6L6.js";
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
  const { cluster, clusterFile, access } = commonInputs();
  setOutput("name", cluster.name);
  for (const role of roles) {
    const names = hostsWith(cluster, role).map((host) => host.name);
    setOutput(role, JSON.stringify(matrixOf(names)));
  }
  const run = newRun({ cluster, access, dryRun: true, log: githubLog, mask });
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
