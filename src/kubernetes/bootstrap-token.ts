import type { ApiClient } from './api-client.ts';
import type { ApiObject } from './objects.ts';

/** `id` is public and names the user; `secret` is what is secret. */
export interface BootstrapToken {
  /** Six of [a-z0-9]. */
  readonly id: string;
  /** Sixteen of [a-z0-9]. */
  readonly secret: string;
}

/** The group of those who join by such a token, which the bootstrap RBAC is bound to. */
export const bootstrapGroup = 'system:bootstrappers:k8s-ha-action';

/** Who a kubelet is to the API server while it joins. */
export const bootstrapUser = ({ id }: Pick<BootstrapToken, 'id'>): string => `system:bootstrap:${id}`;

const pathOf = ({ id }: Pick<BootstrapToken, 'id'>) => `/api/v1/namespaces/kube-system/secrets/bootstrap-token-${id}`;

/**
 * The Secret of a token that serves for authentication only.
 * Source: kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens
 */
export function tokenSecret(token: BootstrapToken, expires: Date): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'bootstrap.kubernetes.io/token',
    metadata: { name: `bootstrap-token-${token.id}`, namespace: 'kube-system' },
    stringData: {
      'token-id': token.id,
      'token-secret': token.secret,
      'usage-bootstrap-authentication': 'true',
      expiration: expires.toISOString().replace(/\.\d+Z$/, 'Z'),
      'auth-extra-groups': bootstrapGroup,
    },
  };
}

/** Lets hosts join with the token until `expires`; the controller-manager's tokencleaner ends it should this run be killed. */
export async function createBootstrapToken(api: ApiClient, token: BootstrapToken, expires: Date): Promise<void> {
  await api.apply(pathOf(token), tokenSecret(token, expires));
}

/** Ends the token's use at once. */
export async function deleteBootstrapToken(api: ApiClient, token: Pick<BootstrapToken, 'id'>): Promise<void> {
  await api.delete(pathOf(token));
}
