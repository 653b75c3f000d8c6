import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addonManifests, bootstrapManifests } from '../components/addons/index.ts';
import { Problem } from '../errors.ts';
import { type ApiObject, applyManifests, nameOf, parseManifests } from '../kubernetes/index.ts';
import { withApi } from './cluster-access.ts';
import type { Phase } from './phase.ts';
import type { Connected, PerhapsSecrets } from './stages.ts';

type Stage = Connected & PerhapsSecrets;

/** Who may do what, before the first node asks for anything. */
export const applyBootstrapManifests: Phase<Stage> = {
  title: 'Apply access rules',
  run: (run, signal) => applySet(run, 'bootstrap', bootstrapManifests(run.cluster), signal),
};

/** CoreDNS, metrics-server and the user's own manifests. */
export function applyAddons(clusterFile: string): Phase<Stage> {
  return {
    title: 'Apply add-ons',
    async run(run, signal) {
      await applySet(run, 'addons', addonManifests(run.cluster), signal);
      await applySet(run, 'manifests', ownManifests(run, clusterFile), signal);
    },
  };
}

async function applySet(run: Stage, set: string, objects: readonly ApiObject[], signal: AbortSignal): Promise<void> {
  if (run.dryRun && !(await serves(run))) {
    run.log.info(`the cluster does not answer yet: all ${objects.length} objects of ${set} would be created`);
    run.objects.push(...objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    return;
  }
  const { log, dryRun } = run;
  const changes = await withApi(run, (api) => applyManifests(api, objects, { set, log, dryRun, signal }));
  run.objects.push(...changes.map(({ object, did }) => `${nameOf(object)} ${did}`));
}

async function serves(run: Stage): Promise<boolean> {
  return await withApi(run, async () => true).catch((error: unknown) => {
    if (error instanceof Problem) return false;
    throw error;
  });
}

function ownManifests(run: Stage, clusterFile: string): readonly ApiObject[] {
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
