import { Problem } from '../errors.ts';
import { components, withoutSuffix } from '../layout/components.ts';
import { waitWhile } from '../waiting.ts';
import type { ApiClient } from './api-client.ts';

/** Why an API server is not ready, in its own words; undefined if it is. Never throws. */
export async function whyNotServing(api: ApiClient): Promise<string | undefined> {
  try {
    const { status, text } = await api.raw('/readyz?verbose=true', { timeoutMs: 3000 });
    return status === 200 ? undefined : failedChecks(text, status);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** An API server has some fifty checks. */
const mostWords = 2000;

/** The lines of /readyz?verbose that failed: `[-]etcd failed: …`. */
export function failedChecks(text: string, status: number): string {
  const failed = text.split('\n').filter((line) => line.startsWith('[-]'));
  const words = failed.map((line) => line.slice(3)).join('; ');
  return failed.length > 0 ? words.slice(0, mostWords) : `status ${status}: ${text.slice(0, 200)}`;
}

/**
 * Waits until the API server behind this client is ready to serve.
 * @throws Problem API_SERVER_NOT_READY with the checks that fail
 */
export async function waitForApiServer(
  api: ApiClient,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const reason = await waitWhile(() => whyNotServing(api), { timeoutMs, everyMs: 200, signal });
  if (reason === undefined) return;
  throw new Problem(`the API server is not ready after ${Math.round(timeoutMs / 1000)} s: ${reason}`, {
    code: 'API_SERVER_NOT_READY',
    host: api.host,
    unit: withoutSuffix(components.apiServer.unit),
    hint: 'Check `journalctl -u kube-apiserver`; it needs a quorum of etcd.',
  });
}
