import { createHash, createPublicKey } from 'node:crypto';
import { parseJson } from '../entry/json.ts';
import type { ApiClient } from './api-client.ts';
import type { ApiObject, CsiDriver, Pod, TokenRequested } from './objects.ts';

interface TokenSecret extends ApiObject {
  readonly data?: { readonly token?: string };
}

/**
 * The longest life of a token that a kubelet asks for, in seconds: for any pod's volumes, or for a CSI driver, which gets one for the pods that mount
 * its volumes; 0 without any. A kubelet renews it before its end.
 * @throws ApiProblem
 */
export async function longestPodToken(api: ApiClient, signal: AbortSignal): Promise<number> {
  const [pods, drivers] = await Promise.all([
    api.list<Pod>('/api/v1/pods', { signal }),
    api.list<CsiDriver>('/apis/storage.k8s.io/v1/csidrivers', { signal }),
  ]);
  const requests = [...pods.items.flatMap(projectedTokens), ...drivers.items.flatMap(driverTokens)];
  // An hour is the API's default.
  return Math.max(0, ...requests.map(({ expirationSeconds }) => expirationSeconds ?? 3600));
}

function projectedTokens({ spec }: Pod): readonly TokenRequested[] {
  const sources = (spec?.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
  return sources.flatMap(({ serviceAccountToken: token }) => token ?? []);
}

const driverTokens = ({ spec }: CsiDriver): readonly TokenRequested[] => spec?.tokenRequests ?? [];

/**
 * Secrets with a service-account token that never ends and that another key than this one has signed, as `namespace/name`.
 * @param pub PEM
 * @throws ApiProblem
 */
export async function tokensOfOtherKeys(api: ApiClient, pub: string, signal: AbortSignal): Promise<readonly string[]> {
  const type = encodeURIComponent('type=kubernetes.io/service-account-token');
  const { items } = await api.list<TokenSecret>(`/api/v1/secrets?fieldSelector=${type}`, { signal });
  const kid = keyName(pub);
  const others = items.filter(({ data }) => data?.token !== undefined && kidOf(data.token) !== kid);
  return others.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);
}

/** How a token names its key. Source: keyIDFromPublicKey in kubernetes/pkg/serviceaccount/jwt.go */
function keyName(pub: string): string {
  const der = createPublicKey(pub).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('base64url');
}

/** Of a token in base64, as a Secret has it; undefined if it is no token, which then counts as one of another key. */
function kidOf(encoded: string): string | undefined {
  const [header = ''] = Buffer.from(encoded, 'base64').toString('latin1').split('.', 1);
  try {
    const read = parseJson(Buffer.from(header, 'base64url').toString(), Error);
    return typeof read === 'object' && read !== null && 'kid' in read ? String(read.kid) : undefined;
  } catch {
    return undefined;
  }
}
