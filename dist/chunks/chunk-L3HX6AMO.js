import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  addonManifests,
  bootstrapManifests
} from "./chunk-FVRGWEWX.js";
import {
  applyManifests,
  nameOf,
  parseManifests,
  withApi
} from "./chunk-6O6XVXUE.js";
import {
  Problem
} from "./chunk-OMF65OCO.js";

// src/phases/apply-manifests.ts
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
var applyBootstrapManifests = {
  title: "Apply access rules",
  run: (run) => applySet(run, "bootstrap", bootstrapManifests(run.cluster))
};
function applyAddons(clusterFile) {
  return {
    title: "Apply add-ons",
    async run(run) {
      await applySet(run, "addons", addonManifests(run.cluster));
      await applySet(run, "manifests", ownManifests(run, clusterFile));
    }
  };
}
async function applySet(run, set, objects) {
  if (run.dryRun && !await serves(run)) {
    run.log.info(`the cluster does not answer yet: all ${objects.length} objects of ${set} would be created`);
    run.objects.push(...objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    return;
  }
  const changes = await withApi(run, (api) => applyManifests(api, objects, { set, log: run.log, dryRun: run.dryRun }));
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
      const hint = `it stands in addons.manifests of ${clusterFile}, whose folder it is relative to`;
      throw new Problem(`the manifest can't be read`, { code: "MANIFEST_MISSING", file: path, hint, cause });
    }
  });
}

export {
  applyBootstrapManifests,
  applyAddons
};
