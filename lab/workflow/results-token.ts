/** The run and the job of a token. */
export interface TokenScope {
  readonly run: string;
  readonly job: string;
}

/** The token of a run's job: a client reads only the scope of GitHub's token. It is not signed; the service is on loopback. */
export function resultsToken(run: string, job = run): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { scp: `Actions.GenericRead:00000000 Actions.Results:${run}:${job}`, exp: 4_102_444_800 };
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}

/** The `github.token` of the lab, which the lab's part of GitHub's REST API requires. */
export const workflowToken = 'ghs_the-lab-s-own-workflow-token';

/** The run and the job that the bearer of a token may work on; undefined for any other text. */
export function scopeOfToken(authorization: string | undefined): TokenScope | undefined {
  const claims = /^Bearer [\w-]+\.([\w-]+)\./.exec(authorization ?? '')?.[1];
  if (!claims) return undefined;
  try {
    const { scp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    const [, run, job] = /(?:^| )Actions\.Results:([^: ]+):([^: ]+)(?: |$)/.exec(String(scp)) ?? [];
    return run && job ? { run, job } : undefined;
  } catch {
    return undefined;
  }
}
