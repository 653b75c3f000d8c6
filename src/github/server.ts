/** Of this job's server: https://github.com, a subdomain of ghe.com, or an Enterprise Server. */
function serverUrl(): URL {
  return URL.parse(process.env.GITHUB_SERVER_URL ?? '') ?? new URL('https://github.com');
}

/** Whether it is an Enterprise Server, which has no artifacts of the current kind; by the same rule as @actions/artifact. */
export function isEnterpriseServer(): boolean {
  const { hostname } = serverUrl();
  return hostname !== 'github.com' && !/\.(ghe\.com|localhost)$/.test(hostname);
}

/**
 * The issuer of the server's tokens for jobs.
 * Source: docs.github.com/en/actions/reference/security/oidc, for GitHub and for Enterprise Server
 */
export function tokenIssuer(): string {
  const { origin, hostname } = serverUrl();
  if (isEnterpriseServer()) return `${origin}/_services/token`;
  return hostname.endsWith('.ghe.com')
    ? `https://token.actions.${hostname}`
    : 'https://token.actions.githubusercontent.com';
}
