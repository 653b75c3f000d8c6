// A credential plugin for kubectl, helm and client-go: prints a token that GitHub issues to this job when it is called.
// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
// It imports nothing, because it is used after the action's step: node token.mjs AUDIENCE.
const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = process.env;
const [audience] = process.argv.slice(2);
const attempts = 4;
/** Seconds before its end, so that a client requests the next one in time. */
const margin = 30;

/** Retries temporary failures: GitHub's service sometimes answers 429 and 5xx. */
async function askGitHub() {
  const place = new URL(url);
  place.searchParams.set('audience', audience);
  const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json' };
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(place, { headers, signal: AbortSignal.timeout(10_000) }).catch((error) => error);
    // Never quotes the answer, because it may contain a token.
    if (answer.ok) return tokenIn(await answer.json().catch(() => undefined));
    const why = answer.status ? `status ${answer.status}` : (answer.cause?.message ?? answer.message);
    const passing = answer.status === undefined || answer.status === 429 || answer.status >= 500;
    if (!passing || attempt === attempts) throw new Error(`GitHub gave no token: ${why}`);
    await new Promise((resolve) => setTimeout(resolve, 2 ** attempt * 250 * (1 + Math.random())));
  }
}

function tokenIn(answer) {
  if (typeof answer?.value === 'string') return answer.value;
  throw new Error('GitHub gave no token: its answer has none');
}

function endOf(token) {
  try {
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
    return new Date((exp - margin) * 1000).toISOString();
  } catch {
    throw new Error('GitHub gave no token: its answer is not one');
  }
}

try {
  if (!url || !bearer)
    throw new Error('this job must not request tokens from GitHub: it needs permissions: { id-token: write }');
  const token = await askGitHub();
  const status = { token, expirationTimestamp: endOf(token) };
  const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
  process.stdout.write(`${JSON.stringify(credential)}\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
