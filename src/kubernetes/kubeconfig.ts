import * as z from 'zod';
import { parseYaml } from '../entry/yaml.ts';
import { Problem } from '../errors.ts';

/** The address of an API server, and the credentials for it. */
export interface Credentials {
  /** `https://192.168.1.153:6443`. */
  readonly server: string;
  /** PEM of the CA that must have issued the server's certificate. */
  readonly ca: string;
  /** PEM of the client certificate and its key. */
  readonly cert: string;
  readonly key: string;
}

const named = { name: z.string() };
const kubeconfig = z.object({
  'current-context': z.string().optional(),
  contexts: z.array(z.object({ ...named, context: z.object({ cluster: z.string(), user: z.string() }) })).min(1),
  clusters: z.array(
    z.object({ ...named, cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ),
  users: z.array(
    z.object({
      ...named,
      user: z.object({ 'client-certificate-data': z.string(), 'client-key-data': z.string() }),
    }),
  ),
});

const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

/**
 * Parses the kubeconfigs that this project writes: certificates and key are inside the file.
 * Its text contains a private key, so errors do not quote it.
 * @throws Problem KUBECONFIG_INVALID
 */
export function parseKubeconfig(text: string): Credentials {
  const parsed = kubeconfig.safeParse(parseYaml(text, (what) => invalidKubeconfig(`the kubeconfig is ${what}`)));
  if (!parsed.success) {
    const places = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw invalidKubeconfig(`the kubeconfig lacks ${places}`);
  }
  const { contexts, clusters, users, 'current-context': current } = parsed.data;
  const context = contexts.find(({ name }) => name === current) ?? contexts[0];
  const cluster = clusters.find(({ name }) => name === context?.context.cluster)?.cluster;
  const user = users.find(({ name }) => name === context?.context.user)?.user;
  if (!cluster || !user)
    throw invalidKubeconfig('the kubeconfig’s context names a cluster or a user that it does not have');
  return {
    server: cluster.server,
    ca: fromBase64(cluster['certificate-authority-data']),
    cert: fromBase64(user['client-certificate-data']),
    key: fromBase64(user['client-key-data']),
  };
}

/** Does not quote the kubeconfig, because it contains a private key. */
export function invalidKubeconfig(message: string): Problem {
  return new Problem(message, {
    code: 'KUBECONFIG_INVALID',
    hint: 'Run the pki and master actions again: they write it again.',
  });
}
