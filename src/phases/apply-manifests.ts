import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addonManifests, bootstrapManifests } from '../components/addons/index.ts';
import { podNetwork } from '../components/networks/index.ts';
import { Problem, problemsOf } from '../errors.ts';
import { type ApiObject, ApiProblem, applyManifests, isNotFound, nameOf, parseManifests } from '../kubernetes/index.ts';
import { withApi } from './cluster-access.ts';
import type { Phase } from './phase.ts';
import type { Connected, PerhapsSecrets } from './stages.ts';

type Stage = Connected & PerhapsSecrets;

/** Objects that must exist before the first node joins: RBAC, and a pod network of the user. */
export function applyBootstrapManifests(clusterFile: string): Phase<Stage> {
  return {
    title: 'Apply access rules',
    async run(run, signal) {
      await applySet(run, 'bootstrap', bootstrapManifests(run.cluster), signal);
      // A plan lists these objects once, with the add-ons.
      if (podNetwork(run.cluster).inUserManifests && !run.dryRun) await applyUserNetwork(run, clusterFile, signal);
    },
  };
}

/**
 * Applies the user's manifests before there are nodes. Temporary refusals (a webhook that runs in pods, a kind that an operator
 * defines) are left to the add-ons' phase, which runs after the nodes.
 * @throws Problem, AggregateError for permanent refusals, such as an invalid manifest
 */
async function applyUserNetwork(run: Stage, clusterFile: string, signal: AbortSignal): Promise<void> {
  try {
    await applySet(run, 'manifests', ownManifests(run, clusterFile), signal);
  } catch (error) {
    const problems = problemsOf(error);
    if (!problems.every(mayPass)) throw error;
    for (const problem of problems)
      run.log.warning(`not applied before the nodes are Ready, retried with the add-ons: ${problem.message}`);
  }
}

/** Whether the same object may be accepted when pods run. */
function mayPass(problem: unknown): problem is Problem {
  if (problem instanceof ApiProblem) return problem.status !== undefined && (problem.temporary || isNotFound(problem));
  return problem instanceof Problem && problem.code === 'KIND_UNKNOWN';
}

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
      const hint = `Check addons.manifests in ${clusterFile}: its paths are relative to the folder of that file.`;
      throw new Problem(`the manifest can't be read`, { code: 'MANIFEST_MISSING', file: path, hint, cause });
    }
  });
}
