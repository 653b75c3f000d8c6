import type { ApiClient } from './api-client.ts';
import { ifFound, isConflict, isNotFound } from './api-problem.ts';
import type { ApiObject } from './objects.ts';

const collection = '/api/v1/namespaces/kube-system/configmaps';

interface ConfigMap extends ApiObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** The texts that runs keep in the ConfigMap kube-system/NAME, by their keys; empty without it. @throws ApiProblem */
export async function readRecord(api: ApiClient, name: string): Promise<ReadonlyMap<string, string>> {
  const found = await ifFound(api.get<ConfigMap>(`${collection}/${name}`));
  return new Map(Object.entries(found?.data ?? {}));
}

/** Sets texts by their keys, or removes those that are null; the others stay, also when jobs on other runners change them. @throws ApiProblem */
export async function changeRecord(
  api: ApiClient,
  name: string,
  data: Readonly<Record<string, string | null>>,
): Promise<void> {
  const patch = async () => await api.patch(`${collection}/${name}`, { data });
  try {
    await patch();
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await create(api, name);
    await patch();
  }
}

async function create(api: ApiClient, name: string): Promise<void> {
  try {
    await api.create(collection, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'kube-system' },
    });
  } catch (error) {
    // Another job was quicker.
    if (!isConflict(error)) throw error;
  }
}
