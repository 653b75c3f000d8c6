import { type ApiClient, fieldManager } from '../../kubernetes/index.ts';

const collection = '/api/v1/namespaces/kube-system/configmaps';

/** The ConfigMap that is written through one node's balancer, and watched there. */
export interface WrittenObject {
  readonly collection: string;
  readonly name: string;
  /** Of a server-side apply. */
  readonly path: string;
  /** Another text each time, or the API server would write nothing. */
  readonly body: () => string;
  /** Takes it away. Never throws. */
  clear(api: ApiClient): Promise<void>;
}

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
