import type { ApiClient } from './api-client.ts';

const pathOf = (name: string) => `/api/v1/nodes/${encodeURIComponent(name)}`;

/** On a node that a run of this project has cordoned: the name of the run. A node that someone else cordoned does not have it. */
export const cordonAnnotation = 'k8s-ha-action/cordoned-by';

/** Keeps new pods away from a node, and marks it as cordoned by this run. @throws ApiProblem */
export async function cordonNode(api: ApiClient, name: string, run: string): Promise<void> {
  await api.patch(pathOf(name), {
    metadata: { annotations: { [cordonAnnotation]: run } },
    spec: { unschedulable: true },
  });
}

/** Lets new pods run on a node again, and takes the mark away. @throws ApiProblem */
export async function uncordonNode(api: ApiClient, name: string): Promise<void> {
  await api.patch(pathOf(name), {
    metadata: { annotations: { [cordonAnnotation]: null } },
    spec: { unschedulable: null },
  });
}
