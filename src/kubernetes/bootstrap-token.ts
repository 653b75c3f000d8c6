import { type BootstrapToken, bootstrapTokenSecret, joinsLabel } from '../pki/bootstrap-token.ts';
import type { ApiClient } from './api-client.ts';

/** The API user of a kubelet while it joins. */
export const bootstrapUser = ({ id }: Pick<BootstrapToken, 'id'>): string => `system:bootstrap:${id}`;

const collection = '/api/v1/namespaces/kube-system/secrets';
const pathOf = ({ id }: Pick<BootstrapToken, 'id'>) => `${collection}/bootstrap-token-${id}`;

/**
 * Lets the host of a node join with the token until `expires`, or extends an existing token; the
 * controller-manager's tokencleaner deletes it if this run is killed.
 * Source: kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens
 * @throws ApiProblem
 */
export async function putBootstrapToken(
  api: ApiClient,
  token: BootstrapToken,
  node: string,
  expires: Date,
): Promise<void> {
  await api.apply(pathOf(token), bootstrapTokenSecret(token, node, expires));
}

/** Revokes the token at once. @throws ApiProblem */
export async function deleteBootstrapToken(api: ApiClient, token: Pick<BootstrapToken, 'id'>): Promise<void> {
  await api.delete(pathOf(token));
}

/** Deletes all tokens of these nodes that killed runs left. @throws ApiProblem */
export async function deleteTokensOf(api: ApiClient, nodes: ReadonlySet<string>): Promise<void> {
  const { items } = await api.list(`${collection}?labelSelector=${encodeURIComponent(joinsLabel)}`);
  const left = items.filter(({ metadata }) => nodes.has(metadata.labels?.[joinsLabel] ?? ''));
  await Promise.all(left.map(({ metadata }) => api.delete(`${collection}/${metadata.name}`)));
}
