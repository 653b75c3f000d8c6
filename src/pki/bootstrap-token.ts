import { randomInt } from 'node:crypto';
import { bootstrapGroup } from './groups.ts';

/** A bootstrap token of Kubernetes; both parts are secret together, the id alone is not. */
export interface BootstrapToken {
  /** Six of a-z and 0-9. */
  readonly id: string;
  /** Sixteen of a-z and 0-9. */
  readonly secret: string;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

export function newBootstrapToken(): BootstrapToken {
  return { id: random(6), secret: random(16) };
}

/** `id.secret`, as a kubelet presents it. */
export function tokenText({ id, secret }: BootstrapToken): string {
  return `${id}.${secret}`;
}

/** By this label the token of a node's host is found again, should its run be killed. */
export const joinsLabel = 'k8s-ha-action/joins';

/**
 * The Secret that makes the API server accept the token until `expires`; the tokencleaner deletes it then, should we not.
 * @param node what its holder is to become. The API server does not look at this: judge-request.ts does.
 */
export function bootstrapTokenSecret(token: BootstrapToken, node: string, expires: Date) {
  const data = {
    'token-id': token.id,
    'token-secret': token.secret,
    // Go's RFC 3339 without fractions of a second, as kubeadm writes it.
    expiration: expires.toISOString().replace(/\.\d+Z$/, 'Z'),
    'usage-bootstrap-authentication': 'true',
    'usage-bootstrap-signing': 'false',
    'auth-extra-groups': bootstrapGroup,
    description: `Made by k8s-ha-action for the node ${node} and for one run.`,
  };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `bootstrap-token-${token.id}`, namespace: 'kube-system', labels: { [joinsLabel]: node } },
    type: 'bootstrap.kubernetes.io/token',
    data: Object.fromEntries(Object.entries(data).map(([name, text]) => [name, Buffer.from(text).toString('base64')])),
  };
}

function random(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
