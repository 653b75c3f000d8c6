import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { parseJson } from '../entry/json.ts';
import type { ApiClient } from './api-client.ts';
import { ifFound } from './api-problem.ts';
import type { ObjectReference } from './discovery.ts';
import type { ApiObject } from './objects.ts';

/** The label on each object that applyManifests created: its set. */
export const setLabel = 'k8s-ha-action/set';

/** The inventory of a set's objects, stored in the cluster. */
export interface Inventory {
  readonly objects: readonly ObjectReference[];
  /** Writes the list, unless it is unchanged. */
  record(objects: readonly ObjectReference[]): Promise<void>;
}

interface ConfigMap extends ApiObject {
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * The ConfigMap kube-system/k8s-ha-action-SET: asking for one object is cheaper than scanning every kind for a label. Without it,
 * the inventory is empty.
 * @throws ApiProblem
 */
export async function openInventory(api: ApiClient, set: string): Promise<Inventory> {
  const name = `k8s-ha-action-${set}`;
  const path = `/api/v1/namespaces/kube-system/configmaps/${name}`;
  const found = await ifFound(api.get<ConfigMap>(path));
  const objects = parse(found?.data?.objects);
  let recorded = found && sorted(objects);
  return {
    objects,
    async record(wanted) {
      const next = sorted(wanted);
      if (isDeepStrictEqual(recorded, next)) return;
      await api.apply(path, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: 'kube-system', labels: { [setLabel]: set } },
        data: { objects: JSON.stringify(next, undefined, 1) },
      } as ApiObject);
      recorded = next;
    },
  };
}

const references = z.array(
  z.strictObject({
    apiVersion: z.string(),
    kind: z.string(),
    namespace: z.string().exactOptional(),
    name: z.string(),
  }),
);

/** An invalid list is treated as empty: then nothing is pruned, and the next write repairs it. */
function parse(text: string | undefined): readonly ObjectReference[] {
  try {
    return references.parse(parseJson(text ?? '[]', Error));
  } catch {
    return [];
  }
}

function sorted(objects: readonly ObjectReference[]): readonly ObjectReference[] {
  const key = (one: ObjectReference) => [one.apiVersion, one.kind, one.namespace ?? '', one.name].join(' ');
  return objects.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
