import type { ApiClient } from './api-client.ts';
import type { ApiObject, OwnerReference, Pod } from './objects.ts';
import { rootMap } from './root-authorities.ts';

/** A pod that may use the API. */
export interface TokenPod {
  readonly namespace: string;
  readonly name: string;
  /** By an API server's clock; undefined if unknown. */
  readonly created: Date | undefined;
  readonly owner: OwnerReference | undefined;
}

/** The pods that mount a service-account token or the CA of API servers, and that neither have ended nor are ending. @throws ApiProblem */
export async function tokenPods(api: ApiClient, signal: AbortSignal): Promise<readonly TokenPod[]> {
  const type = encodeURIComponent('type=kubernetes.io/service-account-token');
  const [pods, secrets] = await Promise.all([
    api.list<Pod>('/api/v1/pods', { signal }),
    api.list<ApiObject>(`/api/v1/secrets?fieldSelector=${type}`, { metadataOnly: true, signal }),
  ]);
  const tokens = new Set(secrets.items.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`));
  return pods.items.filter((pod) => isRunning(pod) && mayUseApi(pod, tokens)).map(asTokenPod);
}

const isRunning = ({ metadata, status }: Pod): boolean =>
  !metadata.deletionTimestamp && status?.phase !== 'Succeeded' && status?.phase !== 'Failed';

function mayUseApi({ metadata, spec }: Pod, tokens: ReadonlySet<string>): boolean {
  return (spec?.volumes ?? []).some(
    ({ projected, configMap, secret }) =>
      configMap?.name === rootMap ||
      tokens.has(`${metadata.namespace}/${secret?.secretName}`) ||
      projected?.sources?.some((source) => source.serviceAccountToken || source.configMap?.name === rootMap),
  );
}

function asTokenPod({ metadata }: Pod): TokenPod {
  const { namespace = '', name, creationTimestamp, ownerReferences } = metadata;
  const created = new Date(creationTimestamp ?? '');
  return {
    namespace,
    name,
    created: Number.isNaN(created.getTime()) ? undefined : created,
    owner: ownerReferences?.find(({ controller }) => controller),
  };
}
