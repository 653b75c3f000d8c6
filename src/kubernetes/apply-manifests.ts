import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import { waitWhile } from '../waiting.ts';
import type { ApiClient } from './api-client.ts';
import { ifFound, isNotFound } from './api-problem.ts';
import { Discovery, nameOf, type ObjectReference, referenceOf } from './discovery.ts';
import { type Inventory, openInventory, setLabel } from './inventory.ts';
import type { ApiObject } from './objects.ts';

export interface ObjectChange {
  readonly object: ObjectReference;
  readonly did: 'created' | 'changed' | 'removed';
}

export interface ApplyOptions {
  /** The name of a set of objects: an object that is no longer in its set is removed from the cluster. */
  readonly set: string;
  readonly log: Log;
  /** Server-side dry run: changes nothing. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Changes the cluster so that it has exactly these objects of the set, with server-side apply. Returns the changes; a second run has none.
 * Does not wait until objects are ready. It removes only objects that it has created: an object that lost its label stays.
 * @throws ApiProblem; AggregateError of them, each naming its object; Problem KIND_UNKNOWN
 */
export async function applyManifests(
  api: ApiClient,
  objects: readonly ApiObject[],
  options: ApplyOptions,
): Promise<readonly ObjectChange[]> {
  const { set, dryRun = false, log } = options;
  const discovery = new Discovery(api);
  const labelled = objects.map((object) => withLabel(object, set));
  const inventory = await openInventory(api, set);
  const wanted = labelled.map(referenceOf);
  const before = inventory.objects;
  const gone = before.filter((old) => !wanted.some((one) => isDeepStrictEqual(identity(one), identity(old))));
  // Written before any object is created, so that after a kill every created object is in a list.
  if (!dryRun) await inventory.record([...wanted, ...gone]);
  const changes: ObjectChange[] = [];
  for (const wave of waves(labelled)) {
    changes.push(...(await applyWave(api, discovery, wave, labelled, dryRun, options.signal)));
  }
  changes.push(...(await prune(api, discovery, gone, options)));
  if (!dryRun) await inventory.record(wanted);
  for (const { object, did } of changes) log.info(`${nameOf(object)}: ${dryRun ? 'would be ' : ''}${did}`);
  return changes;
}

/** API versions change (v1beta1 → v1), but the object stays the same. */
const identity = ({ apiVersion, kind, namespace, name }: ObjectReference) => ({
  group: apiVersion.includes('/') ? apiVersion.split('/')[0] : '',
  kind,
  namespace: namespace ?? '',
  name,
});

function withLabel(object: ApiObject, set: string): ApiObject {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, labels: { ...metadata.labels, [setLabel]: set } } };
}

/** Objects that others need are applied first; objects that can block everything else (webhooks, aggregated APIs) last. */
const order: readonly (readonly string[])[] = [
  ['Namespace', 'CustomResourceDefinition', 'PriorityClass', 'StorageClass', 'RuntimeClass', 'IngressClass'],
  ['ServiceAccount', 'ClusterRole', 'Role', 'ClusterRoleBinding', 'RoleBinding', 'ConfigMap', 'Secret', 'Service'],
  [],
  ['APIService', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
];
const others = 2;

/** The objects, grouped by the step in which they are applied. */
export function waves(objects: readonly ApiObject[]): readonly (readonly ApiObject[])[] {
  const stepOf = ({ kind }: ApiObject): number => {
    const step = order.findIndex((kinds) => kinds.includes(kind));
    return step === -1 ? others : step;
  };
  return order.map((_, step) => objects.filter((object) => stepOf(object) === step)).filter((wave) => wave.length > 0);
}

async function applyWave(
  api: ApiClient,
  discovery: Discovery,
  wave: readonly ApiObject[],
  all: readonly ApiObject[],
  dryRun: boolean,
  signal: AbortSignal | undefined,
): Promise<readonly ObjectChange[]> {
  const limit = pLimit(8);
  const results = await Promise.allSettled(
    wave.map((object) => limit(() => applyOne(api, discovery, object, all, dryRun, signal))),
  );
  const failed = results.filter((result) => result.status === 'rejected').map((result) => result.reason as unknown);
  if (failed.length === 1) throw failed[0];
  if (failed.length > 1) throw new AggregateError(failed, `failed to apply ${failed.length} objects`);
  return results.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []));
}

async function applyOne(
  api: ApiClient,
  discovery: Discovery,
  object: ApiObject,
  all: readonly ApiObject[],
  dryRun: boolean,
  signal: AbortSignal | undefined,
): Promise<ObjectChange | undefined> {
  const reference = referenceOf(object);
  const created: ObjectChange = { object: reference, did: 'created' };
  const defined = definedBy(object, all);
  if (defined) {
    if (dryRun && !(await discovery.find(object.apiVersion, object.kind))) return created;
    await untilServed(discovery, object);
  }
  const path = await discovery.pathOf(reference);
  const before = await ifFound(api.get<ApiObject>(path, { signal }));
  // Its namespace may be in this same set, which a dry run's server does not know.
  if (
    dryRun &&
    !before &&
    all.some(({ kind, metadata }) => kind === 'Namespace' && metadata.name === reference.namespace)
  ) {
    return created;
  }
  const query = dryRun ? { dryRun: 'All' } : {};
  const after = await api.apply(path, object, { query, signal });
  if (!before) return created;
  return isDeepStrictEqual(content(before), content(after)) ? undefined : { object: reference, did: 'changed' };
}

/** The user's part of an object, without the fields that controllers and the server write. */
function content(object: ApiObject): unknown {
  const { status: _status, metadata, ...rest } = object;
  const { managedFields: _1, resourceVersion: _2, generation: _3, uid: _4, creationTimestamp: _5, ...meta } = metadata;
  return { ...rest, meta };
}

/** Whether a definition among `all` defines the object's kind. */
function definedBy(object: ApiObject, all: readonly ApiObject[]): boolean {
  const [group] = object.apiVersion.split('/');
  return all.some(({ kind, spec }) => {
    const definition = spec as { readonly group?: string; readonly names?: { readonly kind?: string } } | undefined;
    return (
      kind === 'CustomResourceDefinition' && definition?.group === group && definition?.names?.kind === object.kind
    );
  });
}

/** The API server needs a moment until it serves a new definition's kind. */
async function untilServed(discovery: Discovery, { apiVersion, kind }: ApiObject): Promise<void> {
  const look = async () => ((await discovery.find(apiVersion, kind)) ? undefined : 'not served');
  await waitWhile(look, { timeoutMs: 10_000, everyMs: 100 });
}

async function prune(
  api: ApiClient,
  discovery: Discovery,
  gone: Inventory['objects'],
  { set, log, dryRun = false, signal }: ApplyOptions,
): Promise<readonly ObjectChange[]> {
  const removed: ObjectChange[] = [];
  // In the opposite order: a namespace or a definition last.
  for (const object of gone.toReversed()) {
    try {
      const path = await discovery.pathOf(object);
      const { metadata } = await api.get<ApiObject>(path, { signal });
      if (metadata.labels?.[setLabel] !== set) {
        log.warning(`${nameOf(object)} is no longer in the set ${set}, nor does it carry its label: left as it is`);
        continue;
      }
      if (!dryRun) await api.delete(path, { signal });
      removed.push({ object, did: 'removed' });
    } catch (error) {
      // Already gone, or its whole kind is.
      if (isNotFound(error) || (error instanceof Problem && error.code === 'KIND_UNKNOWN')) continue;
      throw error;
    }
  }
  return removed;
}
