import type { ApiClient } from './api-client.ts';
import { ifFound } from './api-problem.ts';
import type { ApiObject } from './objects.ts';
import type { TokenPod } from './token-pods.ts';

/** What replaces its pods by itself when their template changes. */
export interface Workload {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly namespace: string;
  readonly name: string;
}

const collections = { Deployment: 'deployments', StatefulSet: 'statefulsets', DaemonSet: 'daemonsets' } as const;

/** kubectl's own annotation of a restart (kubectl rollout restart). */
const annotation = 'kubectl.kubernetes.io/restartedAt';

/** The workload of a pod; undefined for a pod that nothing replaces by another template: a Job's, or one alone. @throws ApiProblem */
export async function workloadOf(api: ApiClient, { namespace, owner }: TokenPod): Promise<Workload | undefined> {
  if (owner?.kind !== 'ReplicaSet') return named(namespace, owner);
  const path = `/apis/apps/v1/namespaces/${namespace}/replicasets/${owner.name}`;
  const found = await ifFound(api.get<ApiObject>(path, { metadataOnly: true }));
  return named(
    namespace,
    found?.metadata.ownerReferences?.find(({ controller }) => controller),
  );
}

function named(namespace: string, owner: TokenPod['owner']): Workload | undefined {
  const kind = owner?.kind;
  if (kind !== 'Deployment' && kind !== 'StatefulSet' && kind !== 'DaemonSet') return undefined;
  return { kind, namespace, name: owner?.name ?? '' };
}

/** Lets a workload replace its pods, by its own update strategy. @throws ApiProblem */
export async function restartWorkload(api: ApiClient, { kind, namespace, name }: Workload): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${namespace}/${collections[kind]}/${name}`;
  const annotations = { [annotation]: new Date().toISOString() };
  await api.patch(path, { spec: { template: { metadata: { annotations } } } }, { metadataOnly: true });
}
