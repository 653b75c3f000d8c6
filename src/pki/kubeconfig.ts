import * as z from 'zod';
import type { Cluster } from '../cluster/cluster.ts';
import { parseYaml } from '../entry/yaml.ts';
import { apiServerUrl } from '../layout/addresses.ts';
import { places } from '../layout/paths.ts';
import { type BootstrapToken, tokenText } from './bootstrap-token.ts';
import { readStandIn } from './stand-in.ts';

/** The server and the user of a kubeconfig. */
export interface Kubeconfig {
  readonly clusterName: string;
  readonly server: string;
  /** The CA certificate of the server, as PEM. */
  readonly ca: string;
  readonly user: string;
  readonly credentials:
    | ClientCertificate
    | { readonly token: string }
    | { readonly plugin: CredentialPlugin }
    /** The path of a certificate and its key. */
    | { readonly file: string };
}

/** A program that the client runs to get a token. */
export interface CredentialPlugin {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** PEM of both. */
export interface ClientCertificate {
  readonly crt: string;
  readonly key: string;
}

const entry = z.object({
  user: z.object({ 'client-certificate-data': z.base64(), 'client-key-data': z.base64() }),
});
const withCertificate = z.object({ users: z.array(entry).length(1) });

/** The server of each node's kubelet and kube-proxy: the host's local load balancer. */
export function localServer(cluster: Cluster): string {
  return apiServerUrl('127.0.0.1', cluster.api.localPort);
}

/** Renders a kubeconfig. Equal parts give equal text, so texts can be compared. */
export function kubeconfigText({ clusterName, server, ca, user, credentials }: Kubeconfig): string {
  const context = `${user}@${clusterName}`;
  return `apiVersion: v1
kind: Config
clusters:
  - name: ${clusterName}
    cluster:
      server: ${server}
      certificate-authority-data: ${base64(ca)}
contexts:
  - name: ${context}
    context:
      cluster: ${clusterName}
      user: ${user}
current-context: ${context}
users:
  - name: ${user}
    user:
${userLines(credentials)}
`;
}

function userLines(credentials: Kubeconfig['credentials']): string {
  if ('token' in credentials) return `      token: ${credentials.token}`;
  if ('plugin' in credentials) return pluginLines(credentials.plugin);
  if ('file' in credentials)
    return `      client-certificate: ${credentials.file}\n      client-key: ${credentials.file}`;
  return `      client-certificate-data: ${base64(credentials.crt)}\n      client-key-data: ${base64(credentials.key)}`;
}

/** https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#ExecConfig; texts as JSON, which YAML reads. */
function pluginLines({ command, args, env }: CredentialPlugin): string {
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
  return `      exec:
        apiVersion: client.authentication.k8s.io/v1
        command: ${JSON.stringify(command)}
        args: ${JSON.stringify(args)}
        env: ${JSON.stringify(variables)}
        interactiveMode: Never
        provideClusterInfo: false`;
}

/** The kubeconfig with which a kubelet requests its certificate, through the host's local load balancer. */
export function bootstrapKubeconfig(cluster: Cluster, ca: string, token: BootstrapToken): string {
  const credentials = { token: tokenText(token) };
  const user = 'tls-bootstrap-token-user';
  return kubeconfigText({ clusterName: cluster.name, server: localServer(cluster), ca, user, credentials });
}

/** The kubeconfig of a kubelet that has joined: it names the certificate that the kubelet renews by itself. */
export function kubeletKubeconfig(cluster: Cluster, ca: string): string {
  const credentials = { file: places.kubeletClientCert };
  const user = 'kubelet';
  return kubeconfigText({ clusterName: cluster.name, server: localServer(cluster), ca, user, credentials });
}

/** The certificate and key inside a kubeconfig, or `undefined` if the text has no readable ones. */
export function clientCertificateOf(text: string): ClientCertificate | undefined {
  const standIn = readStandIn(text);
  if (standIn) return standIn.certificate === '' ? undefined : { crt: standIn.certificate, key: text };
  if (!text.includes('client-key-data')) return undefined;
  const read = withCertificate.safeParse(parsed(text));
  const user = read.data?.users[0]?.user;
  return user && { crt: plain(user['client-certificate-data']), key: plain(user['client-key-data']) };
}

function parsed(text: string): unknown {
  try {
    return parseYaml(text, Error);
  } catch {
    return undefined;
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function plain(encoded: string): string {
  return Buffer.from(encoded, 'base64').toString();
}
