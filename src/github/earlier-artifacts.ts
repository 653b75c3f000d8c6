import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { type Bytes, bytesOf, inUnits } from '../entry/bytes.ts';
import { parseJson } from '../entry/json.ts';
import { Problem } from '../errors.ts';
import { runAgain } from './artifact-client.ts';

/** The fields of an artifact in GitHub's REST API that are read here. */
const listedArtifact = z.object({
  id: z.number(),
  expired: z.boolean(),
  size_in_bytes: z.number(),
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

/** The answers to a token that may not read artifacts; for a private repository, GitHub says that there is none. */
const notPermitted: ReadonlySet<number | undefined> = new Set([401, 403, 404]);

/** An answer other than the expected one. */
class StatusError extends Error {
  readonly status: number | undefined;

  constructor(status: number | undefined) {
    super(`status ${status}`);
    this.status = status;
  }
}

/**
 * The newest artifact of a name from any run on this branch; undefined if there is none.
 * Uses GitHub's REST API, because the runner's own service has only the artifacts of this run.
 *
 * @param token may read the repository's artifacts (`permissions: actions: read`).
 * @throws Problem ARTIFACT_DOWNLOAD, also when it has more than `mostBytes`.
 */
export async function newestArtifact(name: string, token: string, mostBytes: number): Promise<Buffer | undefined> {
  const { GITHUB_API_URL: api = 'https://api.github.com', GITHUB_REPOSITORY: repository } = process.env;
  const place = `${api}/repos/${repository}/actions/artifacts`;
  const { ask, get } = await clients(token);
  try {
    const listed = await bodyOf(await ask(`${place}?per_page=100&name=${encodeURIComponent(name)}`), mostListBytes);
    const { artifacts } = listing.parse(parseJson(listed.text(), Error));
    const newest = artifacts.filter(isOurs).sort((one, other) => other.id - one.id)[0];
    if (!newest) return undefined;
    if (newest.size_in_bytes > mostBytes) throw new Error(`it has more than ${inUnits(mostBytes)}`);
    const storage = storageOf(await ask(`${place}/${newest.id}/zip`), api);
    const bytes = (await bodyOf(await get(storage), mostBytes)).view;
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    if (newest.digest && newest.digest !== digest) throw new Error('its bytes are not those that were uploaded');
    return bytes;
  } catch (cause) {
    throw failed(name, cause);
  }
}

interface Clients {
  /** Requests to the API, with the token. */
  readonly ask: (url: string) => Promise<IncomingMessage>;
  /** Requests to the storage, without it: Azure answers 400 to a signed address with an Authorization header. */
  readonly get: (url: string) => Promise<IncomingMessage>;
}

/** Loaded when it is used. Its own redirects are off, because it would send the token to the storage as well. */
async function clients(token: string): Promise<Clients> {
  const { HttpClient } = await import('@actions/http-client');
  const { BearerCredentialHandler } = await import('@actions/http-client/lib/auth');
  const options = { allowRetries: true, maxRetries: 3, socketTimeout: 30_000 };
  const api = new HttpClient('k8s-ha-action', [new BearerCredentialHandler(token)], {
    ...options,
    allowRedirects: false,
  });
  const storage = new HttpClient('k8s-ha-action', [], options);
  return {
    ask: async (url) => (await api.get(url)).message,
    get: async (url) => (await storage.get(url)).message,
  };
}

async function bodyOf(message: IncomingMessage, limit: number): Promise<Bytes> {
  if (message.statusCode !== 200) throw refused(message);
  const late = setTimeout(() => message.destroy(new Error(`no end after ${downloadMs / 1000} s`)), downloadMs);
  return await bytesOf(message, limit, (what) => new Error(`it has ${what}`)).finally(() => clearTimeout(late));
}

/** The signed address of an artifact's bytes. Never http if the API has https: not every artifact has a digest. */
function storageOf(message: IncomingMessage, api: string): string {
  const { location = '' } = message.headers;
  if (message.statusCode !== 302) throw refused(message);
  message.resume();
  if (URL.parse(location)?.protocol !== new URL(api).protocol) throw new Error('its address is not valid');
  return location;
}

/** The body is not read: an open one would keep the connection. */
function refused(message: IncomingMessage): StatusError {
  message.destroy();
  return new StatusError(message.statusCode);
}

function failed(name: string, cause: unknown): Problem {
  const reason = cause instanceof z.ZodError ? 'the list of artifacts is not valid' : String((cause as Error).message);
  const denied = cause instanceof StatusError && notPermitted.has(cause.status);
  return new Problem(`failed to download the last run’s artifact ${name}: ${reason}`, {
    code: 'ARTIFACT_DOWNLOAD',
    hint: denied ? 'Give the job permissions: { contents: read, actions: read }.' : runAgain,
    cause,
  });
}

/** A pull request from a fork can upload an artifact of any name; an artifact of another branch is about another cluster.yaml. */
function isOurs({ expired, workflow_run: run }: ListedArtifact): boolean {
  if (expired || !run) return false;
  return run.head_repository_id === run.repository_id && run.head_branch === process.env.GITHUB_REF_NAME;
}
