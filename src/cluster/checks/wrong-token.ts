import type { Finding, Path } from '../finding.ts';

/** What is wrong in apiServer.authentication. */
export function wrongToken(path: Path, message: string, hint: string): Finding {
  return { code: 'CLUSTER_AUTHENTICATION', path, message, hint };
}
