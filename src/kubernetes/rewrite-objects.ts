import pLimit from 'p-limit';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import { waitWhile } from '../waiting.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem, ifFound, isConflict, isNotFound } from './api-problem.ts';
import type { ApiObject, Condition } from './objects.ts';

const group = '/apis/storagemigration.k8s.io/v1';
const migrations = `${group}/storageversionmigrations`;
/** The controller-manager rewrites 20 objects a second by default. */
const migrationMs = 20 * 60_000;
const atOnce = 8;

interface Migration extends ApiObject {
  readonly status?: { readonly conditions?: readonly Condition[] | null };
}

interface Rewriting {
  /** Plural name of a resource of the core group: `secrets`. */
  readonly resource: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Lets the cluster write every object of a resource again, by a StorageVersionMigration. It continues if this run is killed; the next run
 * waits for the same one.
 * @param name of the migration: one name for one reason to rewrite
 * @returns false if this Kubernetes does not serve migrations, or this one has failed or takes too long
 * @throws ApiProblem
 */
export async function migrateStorage(api: ApiClient, name: string, rewriting: Rewriting): Promise<boolean> {
  const { resource, log, signal } = rewriting;
  if ((await ifFound(api.get(group, { signal }))) === undefined) return false;
  await createMigration(api, name, resource);
  let outcome: string | undefined;
  const look = async () => {
    const { status } = await api.get<Migration>(`${migrations}/${name}`, { signal });
    outcome = status?.conditions?.find((each) => isEnd(each))?.type;
    return outcome === undefined ? 'it is in progress' : undefined;
  };
  log.info(`${resource}: waiting for the StorageVersionMigration ${name}`);
  const reason = await waitWhile(look, { timeoutMs: migrationMs, everyMs: 500, signal });
  // One that has ended would be taken for the next one of its name.
  await api.delete(`${migrations}/${name}`, { signal });
  if (outcome !== 'Succeeded') log.warning(`the StorageVersionMigration ${name} did not succeed: ${reason ?? outcome}`);
  return outcome === 'Succeeded';
}

const isEnd = ({ type, status }: Condition): boolean => status === 'True' && ['Succeeded', 'Failed'].includes(type);

async function createMigration(api: ApiClient, name: string, resource: string): Promise<void> {
  try {
    await api.create(migrations, {
      apiVersion: 'storagemigration.k8s.io/v1',
      kind: 'StorageVersionMigration',
      metadata: { name },
      spec: { resource: { group: '', resource } },
    });
  } catch (error) {
    // Of a run that was killed.
    if (!isConflict(error)) throw error;
  }
}

/**
 * Writes every object of a namespaced resource of the core group again, unchanged: an API server stores an unchanged object only if it is stored
 * under another key or in another form than a new one. No content of an object is read.
 * @returns the number of objects
 * @throws ApiProblem; Problem REWRITE_REFUSED with the objects that an admission webhook or policy refuses
 */
export async function rewriteObjects(api: ApiClient, { resource, log, signal }: Rewriting): Promise<number> {
  const { items } = await api.list(`/api/v1/${resource}`, { metadataOnly: true, signal });
  log.info(`${resource}: writing ${items.length} objects again`);
  const limit = pLimit(atOnce);
  const refusals = await Promise.all(items.map((item) => limit(() => rewritten(api, resource, item, signal))));
  const refused = refusals.flat();
  if (refused.length === 0) return items.length;
  throw new Problem(`${refused.length} ${resource} could not be written again: ${refused.slice(0, 3).join('; ')}`, {
    code: 'REWRITE_REFUSED',
    detail: refused,
    hint: 'Fix what refuses them: an admission webhook or policy, most often. Then run again.',
  });
}

/** Why an object was not written; nothing if it was, or is gone. */
async function rewritten(
  api: ApiClient,
  resource: string,
  { metadata: { name, namespace = '' } }: ApiObject,
  signal: AbortSignal,
): Promise<readonly string[]> {
  signal.throwIfAborted();
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/${resource}/${encodeURIComponent(name)}`;
  try {
    // The API server repeats a patch itself if the object changes meanwhile.
    await api.patch(path, {}, { metadataOnly: true, signal });
    return [];
  } catch (error) {
    if (isNotFound(error)) return [];
    signal.throwIfAborted();
    // Without an answer, nothing was refused: the next request would wait for as long.
    if (error instanceof ApiProblem && error.status !== undefined) return [`${namespace}/${name}: ${error.message}`];
    throw error;
  }
}
