/** The claims of a token of GitHub's service that tests use. */
export type Claims = Readonly<Record<string, unknown>>;

/** The lifetime of a GitHub token, in seconds. */
const lifetime = 300;

/**
 * Claims as in GitHub's tokens, for a deployment of org/app from main to the environment production.
 * https://docs.github.com/en/actions/reference/security/oidc
 * @param own replace these claims; undefined removes one.
 */
export function githubClaims(issuer: string, audience: string, own: Claims = {}): Claims {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    jti: '0c5d1f3e-6f0b-4c8e-9d1a-2b7e5a4c3d21',
    sub: 'repo:org@1111/app@2222:environment:production',
    aud: audience,
    iss: issuer,
    nbf: now - 300,
    iat: now,
    exp: now + lifetime,
    actor: 'octocat',
    actor_id: '42',
    base_ref: '',
    head_ref: '',
    environment: 'production',
    event_name: 'push',
    job_workflow_ref: 'org/app/.github/workflows/deploy.yml@refs/heads/main',
    job_workflow_sha: 'ca2a2f6b3ad0f7c1b9e2d4d0b1c2f3a4b5c6d7e8',
    ref: 'refs/heads/main',
    ref_protected: 'true',
    ref_type: 'branch',
    repository: 'org/app',
    repository_id: '2222',
    repository_owner: 'org',
    repository_owner_id: '1111',
    repository_visibility: 'private',
    run_attempt: '1',
    run_id: '9876543210',
    run_number: '10',
    runner_environment: 'github-hosted',
    sha: 'ca2a2f6b3ad0f7c1b9e2d4d0b1c2f3a4b5c6d7e8',
    workflow: 'Deploy',
    workflow_ref: 'org/app/.github/workflows/deploy.yml@refs/heads/main',
    workflow_sha: 'ca2a2f6b3ad0f7c1b9e2d4d0b1c2f3a4b5c6d7e8',
    ...own,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}
