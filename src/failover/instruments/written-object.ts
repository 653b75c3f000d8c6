import { type ApiClient, fieldManager } from '../../kubernetes/index.ts';

const collection = '/api/v1/namespaces/kube-system/configmaps';

/** The ConfigMap that is written and watched through one node's load balancer. */
export interface WrittenObject {
  readonly collection: string;
  readonly name: string;
  /** The body of a server-side apply. */
  readonly path: string;
  /** A different text each time, because the API server would not write an unchanged object. */
  readonly body: () => string;
  /** Deletes it. Never throws. */
  clear(api: ApiClient): Promise<void>;
}

/** The object of one node’s probe. Each call of `body` gives another text. */
export function writtenObject(node: string): WrittenObject {
  const name = `k8s-ha-action-probe-${node}`;
  let count = 0;
  return {
    collection,
    name,
    path: `${collection}/${name}?fieldManager=${fieldManager}-probe&force=true`,
    body: () => {
      count += 1;
      return JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name },
        data: { count: String(count) },
      });
    },
    clear: async (api) => {
      await api.delete(`${collection}/${name}`).catch(() => undefined);
    },
  };
}
