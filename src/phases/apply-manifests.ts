import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addonManifests, bootstrapManifests } from '../components/addons/index.ts';
import { Problem } from '../errors.ts';
import { type ApiObject, applyManifests, nameOf, parseManifests } from '../kubernetes/index.ts';
import { withApi } from './cluster-access.ts';
import type { Phase, Run } from './run.ts';

/** Who may do what, before the first node asks for anything. */
export const applyBootstrapManifests: Phase = {
  title: 'Apply access rules',
  run: (run) => applySet(run, 'bootstrap', bootstrapManifests(run.cluster)),
};

/** CoreDNS, metrics-server and the user's own manifests. */
export function applyAddons(clusterFile: string): Phase {
  return {
    title: 'Apply add-ons',
    async run(run) {
      await applySet(run, 'addons', addonManifests(run.cluster));
      await applySet(run, 'manifests', ownManifests(run, clusterFile));
    },
  };
}

async function applySet(run: Run, set: string, objects: readonly ApiObject[]): Promise<void> {
  if (run.dryRun && !(await serves(run))) {
    run.log.info(`the cluster does not answer yet: all ${objects.length} objects of ${set} would be created`);
    run.objects.push(...objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    return;
  }
  const changes = await withApi(run, (api) => applyManifests(api, objects, { set, log: run.log, dryRun: run.dryRun }));
  run.objects.push(...changes.map(({ object, did }) => `${nameOf(object)} ${did}`));
}

async function serves(run: Run): Promise<boolean> {
  return await withApi(run, async () => true).catch((error: unknown) => {
    if (error instanceof Problem) return false;
    throw error;
  });
}

function ownManifests(run: Run, clusterFile: string): readonly ApiObject[] {
  return run.cluster.addons.manifests.flatMap((file) => {
    const path = join(dirname(clusterFile), file);
    try {
      return parseManifests(readFileSync(path, 'utf8'), path);
    } catch (cause) {
      if (cause instanceof Problem) throw cause;
      const hint = `it stands in addons.manifests of ${clusterFile}, whose folder it is relative to`;
      throw new Problem(`the manifest can't be read`, { code: 'MANIFEST_MISSING', file: path, hint, cause });
    }
  });
}
