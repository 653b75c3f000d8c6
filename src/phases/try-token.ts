import { Problem } from '../errors.ts';
import { reviewSelf, type TokenUser } from '../kubernetes/self-review.ts';

/** A token, and the servers to try it on. */
export interface TriedToken {
  /** `https://…`, in order. */
  readonly servers: readonly string[];
  /** PEM. */
  readonly ca: string;
  readonly token: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The first API server that answered, and the token's user there. */
export interface AcceptedToken {
  readonly server: string;
  readonly user: TokenUser;
}

/**
 * Sends a token to the API servers, until one answers.
 * @throws Problem TOKEN_REFUSED; AggregateError of Problems API_UNREACHABLE and API_UNTRUSTED, one for each server
 */
export async function tryToken({ servers, ca, token, claims }: TriedToken): Promise<AcceptedToken> {
  const silent: Problem[] = [];
  for (const server of servers) {
    try {
      const answer = await reviewSelf(server, ca, token);
      if ('user' in answer) return { server, user: answer.user };
      if (answer.status === 401 || answer.status === 403) throw refusedAt(server, answer.status, claims);
      silent.push(unreachable(server, new Error(`it answers with status ${answer.status}`)));
    } catch (error) {
      if (error instanceof Problem) throw error;
      silent.push(unreachable(server, error));
    }
  }
  throw new AggregateError(silent, 'no API server answers');
}

/** The claims that rules for GitHub's tokens use; none is secret. */
const shown = [
  'iss',
  'aud',
  'repository',
  'repository_id',
  'repository_owner_id',
  'environment',
  'event_name',
  'ref',
  'ref_protected',
  'job_workflow_ref',
  'runner_environment',
];

/** An API server only answers 401; its log has the rule. */
function refusedAt(server: string, status: number, claims: TriedToken['claims']): Problem {
  const detail = shown.map(
    (name) => `${name}: ${claims[name] === undefined ? 'not in the token' : JSON.stringify(claims[name])}`,
  );
  const hint =
    'Compare the claims with apiServer.authentication.jwt of the cluster’s file; `journalctl -u kube-apiserver` on a master names the rule.';
  return new Problem(`the API server does not accept this job’s token (${status})`, {
    code: 'TOKEN_REFUSED',
    host: server,
    hint,
    detail,
  });
}

const untrusted = /^(ERR_TLS_CERT|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/;

function unreachable(server: string, cause: unknown): Problem {
  const { message, code = '' } = cause as Error & { readonly code?: string };
  const host = { host: server, cause };
  if (untrusted.test(code)) {
    const hint =
      'certificate-authority must be the cluster’s CA, and server a name or an address of its certificate (api.certSANs).';
    return new Problem(`the API server’s certificate is not trusted: ${message}`, {
      code: 'API_UNTRUSTED',
      hint,
      ...host,
    });
  }
  const hint = 'This runner must reach the API server itself: set server, or use a runner in the network of the hosts.';
  return new Problem(`the API server does not answer: ${message}`, { code: 'API_UNREACHABLE', hint, ...host });
}
