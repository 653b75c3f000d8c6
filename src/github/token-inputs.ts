import { type Cluster, hostsWith } from '../cluster/cluster.ts';
import { certificateProblem } from '../cluster/pem.ts';
import { Problem } from '../errors.ts';
import { apiServerUrl } from '../layout/addresses.ts';
import { clusterInput, invalidInput, parsedInput } from './inputs.ts';
import { getInput } from './runner.ts';
import { tokenIssuer } from './server.ts';

/** How a job uses the API with its own token. */
export interface TokenAccess {
  /** The name of the kubeconfig's entries. */
  readonly clusterName: string;
  /** `https://…`, tried in this order. */
  readonly servers: readonly string[];
  /** The CA certificate of the API servers, as PEM. */
  readonly ca: string;
  readonly audience: string;
}

/**
 * The inputs of mode oidc. cluster.yaml is read only for missing inputs, because a deploying repository does not have one.
 * @throws Problem INPUT_MISSING, INPUT_INVALID, CLUSTER_FILE_MISSING, and the problems of parseCluster
 */
export function askedAccess(): TokenAccess {
  const ca = certificateInput();
  const audience = getInput('audience');
  const server = parsedInput('server', serverOf, 'Write it as https://api.example.com:6443.');
  if (server !== undefined && audience) return { clusterName: 'kubernetes', servers: [server], ca, audience };
  const { cluster } = clusterInput();
  return {
    clusterName: cluster.name,
    servers: server === undefined ? serversOf(cluster) : [server],
    ca,
    audience: audience || audienceOf(cluster),
  };
}

/** An API server's URL: https and a host, without a path. */
export function serverOf(text: string): string | undefined {
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.pathname === '/' && !url.username && !url.search ? url.origin : undefined;
}

/** A CA certificate is public, so it can be in a variable of the repository. */
function certificateInput(): string {
  const text = getInput('certificate-authority');
  if (!text)
    throw missing(
      'certificate-authority',
      'Store the text of /etc/kubernetes/pki/ca.crt of a master as a variable of the repository, and set this input to it. It is not a secret.',
    );
  const problem = certificateProblem(text);
  if (problem === undefined) return text;
  throw invalidInput(
    'certificate-authority',
    `${text.slice(0, 30)}…`,
    `The text ${problem}: write a certificate in PEM.`,
  );
}

function serversOf(cluster: Cluster): readonly string[] {
  return hostsWith(cluster, 'master').map(({ address }) => apiServerUrl(address, cluster.api.port));
}

/** The audience of the entry for this job's server in cluster.yaml, or of the only entry. */
function audienceOf({ apiServer }: Cluster): string {
  const { jwt } = apiServer.authentication;
  const entry = jwt.find(({ issuer }) => issuer.url === tokenIssuer()) ?? (jwt.length === 1 ? jwt[0] : undefined);
  const [audience] = entry?.issuer.audiences ?? [];
  if (audience !== undefined) return audience;
  throw missing('audience', 'Write the audience of GitHub’s entry in apiServer.authentication.jwt of cluster.yaml.');
}

function missing(name: string, hint: string): Problem {
  return new Problem(`the input ${name} is missing`, { code: 'INPUT_MISSING', hint });
}
