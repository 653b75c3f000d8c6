import { randomInt } from 'node:crypto';
import { bootstrapGroup } from '../layout/groups.ts';

/** A Kubernetes bootstrap token. The id alone is not secret. */
export interface BootstrapToken {
  /** Six characters of a-z and 0-9. */
  readonly id: string;
  /** Sixteen characters of a-z and 0-9. */
  readonly secret: string;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A random token from the system’s source of randomness: 36^16 secrets, some 82 bits (the form is that of kubeadm’s tokens). */
export function newBootstrapToken(): BootstrapToken {
  return { id: random(6), secret: random(16) };
}

/** `id.secret`, as a kubelet presents it. */
export function tokenText({ id, secret }: BootstrapToken): string {
  return `${id}.${secret}`;
}

/** The label by which a later run finds the token of a node, if this run is killed. */
export const joinsLabel = 'k8s-ha-action/joins';

/**
 * The Secret that makes the API server accept the token until `expires`; the tokencleaner deletes it then, if the run has not.
 * @param node the node that the holder of the token may become. The API server ignores this; judge-request.ts checks it.
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
    description: `Created by k8s-ha-action for the node ${node} and for one run.`,
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
