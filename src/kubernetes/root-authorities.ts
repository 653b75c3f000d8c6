import type { ApiClient } from './api-client.ts';
import type { ApiObject } from './objects.ts';
import { certificatesIn } from './pem.ts';

/** The CAs by which the pods of a namespace verify API servers. */
export interface RootAuthorities {
  readonly namespace: string;
  /** PEM; empty if the namespace has none. */
  readonly pems: readonly string[];
  /** When they were last changed, by an API server's clock; undefined if unknown. */
  readonly since: Date | undefined;
}

interface ConfigMap extends ApiObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** The ConfigMap in each namespace, from kube-controller-manager. Source: kubernetes/pkg/controller/certificates/rootcacertpublisher */
export const rootMap = 'kube-root-ca.crt';

/** Those of each namespace that does not end. @throws ApiProblem */
export async function rootAuthorities(api: ApiClient, signal: AbortSignal): Promise<readonly RootAuthorities[]> {
  const selector = encodeURIComponent(`metadata.name=${rootMap}`);
  const [namespaces, maps] = await Promise.all([
    api.list('/api/v1/namespaces', { metadataOnly: true, signal }),
    api.list<ConfigMap>(`/api/v1/configmaps?fieldSelector=${selector}`, { signal }),
  ]);
  const kept = namespaces.items.filter(({ metadata }) => !metadata.deletionTimestamp);
  return kept.map(({ metadata: { name: namespace } }) => {
    const map = maps.items.find((each) => each.metadata.namespace === namespace);
    return { namespace, pems: certificatesIn(map?.data?.['ca.crt'] ?? ''), since: map && changedAt(map) };
  });
}

function changedAt({ metadata }: ConfigMap): Date | undefined {
  const times = (metadata.managedFields ?? []).map(({ time }) => Date.parse(time ?? ''));
  return times.length === 0 || times.some(Number.isNaN) ? undefined : new Date(Math.max(...times));
}
