/** The token of a run's jobs: a client reads only the scope of GitHub's token. It is not signed; the service is on loopback. */
export function resultsToken(run: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { scp: `Actions.GenericRead:00000000 Actions.Results:${run}:${run}`, exp: 4_102_444_800 };
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}

/** The `github.token` of the lab, which the lab's part of GitHub's REST API requires. */
export const workflowToken = 'ghs_the-lab-s-own-workflow-token';

/** The run that the bearer of a token may work on; undefined for any other text. */
export function runOfToken(authorization: string | undefined): string | undefined {
  const claims = /^Bearer [\w-]+\.([\w-]+)\./.exec(authorization ?? '')?.[1];
  if (!claims) return undefined;
  try {
    const { scp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    return /(?:^| )Actions\.Results:([^: ]+):[^: ]+(?: |$)/.exec(String(scp))?.[1];
  } catch {
    return undefined;
  }
}
