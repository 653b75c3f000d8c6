import { type BootstrapToken, bootstrapTokenSecret } from '../pki/bootstrap-token.ts';
import type { ApiClient } from './api-client.ts';

/** Who a kubelet is to the API server while it joins. */
export const bootstrapUser = ({ id }: Pick<BootstrapToken, 'id'>): string => `system:bootstrap:${id}`;

const pathOf = ({ id }: Pick<BootstrapToken, 'id'>) => `/api/v1/namespaces/kube-system/secrets/bootstrap-token-${id}`;

/**
 * Lets hosts join with the token until `expires`; the controller-manager's tokencleaner ends it should this run be killed.
 * Source: kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens
 * @throws ApiProblem
 */
export async function createBootstrapToken(api: ApiClient, token: BootstrapToken, expires: Date): Promise<void> {
  await api.apply(pathOf(token), bootstrapTokenSecret(token, expires));
}

/** Ends the token's use at once. @throws ApiProblem */
export async function deleteBootstrapToken(api: ApiClient, token: Pick<BootstrapToken, 'id'>): Promise<void> {
  await api.delete(pathOf(token));
}
