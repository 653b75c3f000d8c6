import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  addonManifests,
  bootstrapManifests
} from "./components-addons-bootstrap.js";
import {
  podNetwork
} from "./components.js";
import {
  ApiProblem,
  applyManifests,
  isNotFound,
  nameOf,
  parseManifests,
  withApi
} from "./kubernetes.js";
import {
  Problem,
  problemsOf
} from "./errors.js";

// src/phases/apply-manifests.ts
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
function applyBootstrapManifests(clusterFile) {
  return {
    title: "Apply access rules",
    async run(run, signal) {
      await applySet(run, "bootstrap", bootstrapManifests(run.cluster), signal);
      if (podNetwork(run.cluster).inUserManifests && !run.dryRun) await applyUserNetwork(run, clusterFile, signal);
    }
  };
}
async function applyUserNetwork(run, clusterFile, signal) {
  try {
    await applySet(run, "manifests", ownManifests(run, clusterFile), signal);
  } catch (error) {
    const problems = problemsOf(error);
    if (!problems.every(mayPass)) throw error;
    for (const problem of problems)
      run.log.warning(`not applied before the nodes are Ready, retried with the add-ons: ${problem.message}`);
  }
}
function mayPass(problem) {
  if (problem instanceof ApiProblem) return problem.status !== void 0 && (problem.temporary || isNotFound(problem));
  return problem instanceof Problem && problem.code === "KIND_UNKNOWN";
}
function applyAddons(clusterFile) {
  return {
    title: "Apply add-ons",
    async run(run, signal) {
      await applySet(run, "addons", addonManifests(run.cluster), signal);
      await applySet(run, "manifests", ownManifests(run, clusterFile), signal);
    }
  };
}
async function applySet(run, set, objects, signal) {
  if (run.dryRun && !await serves(run)) {
    run.log.info(`the cluster does not answer yet: all ${objects.length} objects of ${set} would be created`);
    run.objects.push(...objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    return;
  }
  const { log, dryRun } = run;
  const changes = await withApi(run, (api) => applyManifests(api, objects, { set, log, dryRun, signal }));
  run.objects.push(...changes.map(({ object, did }) => `${nameOf(object)} ${did}`));
}
async function serves(run) {
  return await withApi(run, async () => true).catch((error) => {
    if (error instanceof Problem) return false;
    throw error;
  });
}
function ownManifests(run, clusterFile) {
  return run.cluster.addons.manifests.flatMap((file) => {
    const path = join(dirname(clusterFile), file);
    try {
      return parseManifests(readFileSync(path, "utf8"), path);
    } catch (cause) {
      if (cause instanceof Problem) throw cause;
      const hint = `Check addons.manifests in ${clusterFile}: its paths are relative to the folder of that file.`;
      throw new Problem(`the manifest can't be read`, { code: "MANIFEST_MISSING", file: path, hint, cause });
    }
  });
}

export {
  applyBootstrapManifests,
  applyAddons
};
