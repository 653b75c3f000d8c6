import type { Finding, Path } from '../finding.ts';

/** A problem in apiServer.authentication. */
export function wrongToken(path: Path, message: string, hint: string): Finding {
  return { code: 'CLUSTER_AUTHENTICATION', path, message, hint };
}
