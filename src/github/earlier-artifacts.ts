import { createHash } from 'node:crypto';
import * as z from 'zod';
import { bytesOf, inUnits } from '../entry/bytes.ts';
import { parseJson } from '../entry/json.ts';
import { Problem } from '../errors.ts';

/** The fields of an artifact in GitHub's REST API that are read here. */
const listedArtifact = z.object({
  id: z.number(),
  expired: z.boolean(),
  size_in_bytes: z.number(),
  archive_download_url: z.url({ protocol: /^https?$/ }),
  digest: z.string().nullish(),
  workflow_run: z
    .object({ head_branch: z.string().nullish(), repository_id: z.number(), head_repository_id: z.number() })
    .nullish(),
});
const listing = z.object({ artifacts: z.array(listedArtifact).max(100) });
type ListedArtifact = z.output<typeof listedArtifact>;

/** A hundred artifacts are described in 150 KiB. */
const mostListBytes = 4 * 1024 * 1024;
const downloadMs = 120_000;

/**
 * The newest artifact of a name from any run on this branch; undefined if there is none.
 * Uses GitHub's REST API, because the runner's own service has only the artifacts of this run.
 *
 * @param token may read the repository's artifacts (`permissions: actions: read`).
 * @throws Problem ARTIFACT_DOWNLOAD, also when it has more than `mostBytes`.
 */
export async function newestArtifact(name: string, token: string, mostBytes: number): Promise<Buffer | undefined> {
  const { HttpClient } = await import('@actions/http-client');
  const { BearerCredentialHandler } = await import('@actions/http-client/lib/auth');
  const options = { allowRetries: true, maxRetries: 3, socketTimeout: 30_000 };
  const client = new HttpClient('k8s-ha-action', [new BearerCredentialHandler(token)], options);
  const { GITHUB_API_URL: api = 'https://api.github.com', GITHUB_REPOSITORY: repository } = process.env;
  const get = async (url: string, limit: number) => {
    const { message } = await client.get(url);
    if (message.statusCode !== 200) throw new Error(`status ${message.statusCode}`);
    const late = setTimeout(() => message.destroy(new Error(`no end after ${downloadMs / 1000} s`)), downloadMs);
    return await bytesOf(message, limit, (what) => new Error(`it has ${what}`)).finally(() => clearTimeout(late));
  };
  try {
    const list = `${api}/repos/${repository}/actions/artifacts?per_page=100&name=${encodeURIComponent(name)}`;
    const { artifacts } = listing.parse(parseJson((await get(list, mostListBytes)).text(), Error));
    const newest = artifacts.filter(isOurs).sort((one, other) => other.id - one.id)[0];
    if (!newest) return undefined;
    if (newest.size_in_bytes > mostBytes) throw new Error(`it has more than ${inUnits(mostBytes)}`);
    const bytes = (await get(newest.archive_download_url, mostBytes)).view;
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    if (newest.digest && newest.digest !== digest) throw new Error('its bytes are not those that were uploaded');
    return bytes;
  } catch (cause) {
    const reason =
      cause instanceof z.ZodError ? 'the list of artifacts is not valid' : String((cause as Error).message);
    throw new Problem(`failed to download the last run’s artifact ${name}: ${reason}`, {
      code: 'ARTIFACT_DOWNLOAD',
      hint: 'Give the job permissions: { contents: read, actions: read }.',
      cause,
    });
  }
}

/** A pull request from a fork can upload an artifact of any name; an artifact of another branch is about another cluster.yaml. */
function isOurs({ expired, workflow_run: run }: ListedArtifact): boolean {
  if (expired || !run) return false;
  return run.head_repository_id === run.repository_id && run.head_branch === process.env.GITHUB_REF_NAME;
}
