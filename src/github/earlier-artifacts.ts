import { createHash } from 'node:crypto';
import { Problem } from '../errors.ts';

/** The fields that we read of an artifact as GitHub's REST API describes it. */
interface ListedArtifact {
  readonly id: number;
  readonly expired: boolean;
  readonly archive_download_url: string;
  readonly digest?: string | null;
  readonly workflow_run?: {
    readonly head_branch: string;
    readonly repository_id: number;
    readonly head_repository_id: number;
  } | null;
}

/**
 * The newest artifact of a name that a run on this branch has left, whichever run it was; nothing when there is none.
 * The runner's own service only knows this run's, so it is GitHub's REST API that is asked.
 *
 * @param token may read the repository's artifacts (`permissions: actions: read`).
 * @throws Problem ARTIFACT_DOWNLOAD.
 */
export async function newestArtifact(name: string, token: string): Promise<Buffer | undefined> {
  const { HttpClient } = await import('@actions/http-client');
  const { BearerCredentialHandler } = await import('@actions/http-client/lib/auth');
  const options = { allowRetries: true, maxRetries: 3, socketTimeout: 30_000 };
  const client = new HttpClient('k8s-ha-action', [new BearerCredentialHandler(token)], options);
  const { GITHUB_API_URL: api = 'https://api.github.com', GITHUB_REPOSITORY: repository } = process.env;
  try {
    const list = `${api}/repos/${repository}/actions/artifacts?per_page=100&name=${encodeURIComponent(name)}`;
    const { result } = await client.getJson<{ readonly artifacts: readonly ListedArtifact[] }>(list);
    const newest = (result?.artifacts ?? []).filter(isOurs).sort((one, other) => other.id - one.id)[0];
    if (!newest) return undefined;
    const response = await client.get(newest.archive_download_url);
    if (response.message.statusCode !== 200) throw new Error(`status ${response.message.statusCode}`);
    const bytes = await (response.readBodyBuffer?.() ?? Promise.reject(new Error('it has no body')));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    if (newest.digest && newest.digest !== digest) throw new Error('its bytes are not those that were uploaded');
    return bytes;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem(`failed to download the last run’s artifact ${name}: ${reason}`, {
      code: 'ARTIFACT_DOWNLOAD',
      hint: 'the job needs permissions: { contents: read, actions: read }',
      cause,
    });
  }
}

/** A pull request of a fork may upload an artifact of any name; one of another branch tells of another cluster.yaml. */
function isOurs({ expired, workflow_run: run }: ListedArtifact): boolean {
  if (expired || !run) return false;
  return run.head_repository_id === run.repository_id && run.head_branch === process.env.GITHUB_REF_NAME;
}
