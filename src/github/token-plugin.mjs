// A credential plugin for kubectl, helm and client-go: prints a token that GitHub makes for this job at this moment.
// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
// It imports nothing, since it outlives the action's step: node token.mjs AUDIENCE.
const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = process.env;
const [audience] = process.argv.slice(2);
const attempts = 4;
/** Before its end, in seconds, so that a client asks again in time. */
const margin = 30;

/** Tried again on what passes: GitHub's service answers 429 and 5xx now and then. */
async function askGitHub() {
  const place = new URL(url);
  place.searchParams.set('audience', audience);
  const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json' };
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(place, { headers, signal: AbortSignal.timeout(10_000) }).catch((error) => error);
    // Without a word of what it answered: that may be a token.
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
    throw new Error('GitHub gave no token: what it answered is none');
  }
}

try {
  if (!url || !bearer)
    throw new Error('this job may not ask GitHub for tokens: it needs permissions: { id-token: write }');
  const token = await askGitHub();
  const status = { token, expirationTimestamp: endOf(token) };
  const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
  process.stdout.write(`${JSON.stringify(credential)}\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
