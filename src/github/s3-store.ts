import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import pRetry, { AbortError } from 'p-retry';
import { describeProblem, Problem } from '../errors.ts';
import { outdated } from './backup-folder.ts';
import { warning } from './runner.ts';
import { type Answer, answerTo, type Sending } from './s3-exchange.ts';
import { emptyBody, encoded, type S3Access, type S3Request, signedHeaders } from './s3-signature.ts';

/** Where backups go in a store with the API of S3. */
export interface S3Place extends S3Access {
  /** `https://HOST`, of the store. */
  readonly origin: string;
  readonly bucket: string;
  /** Before each name: empty, or a path that ends with a slash. */
  readonly prefix: string;
}

/** One request takes so many bytes at most. Source: Amazon S3 user guide, "Uploading objects" */
const mostBytes = 5 * 1024 ** 3;
/** Of a thousand names each. */
const mostPages = 100;

/**
 * Uploads a file in one request: the store has all of it or nothing. Its SHA-256 is signed, so that the store refuses other bytes. Then the
 * oldest backups of the cluster go, if the key may list and delete them; otherwise that is warned of.
 * @returns the names of those that went
 * @throws Problem BACKUP_UNWRITTEN
 */
export async function keepInS3(
  place: S3Place,
  file: { readonly name: string; readonly path: string; readonly bytes: number },
  { cluster, keep }: { readonly cluster: string; readonly keep: number },
): Promise<readonly string[]> {
  if (file.bytes > mostBytes)
    throw unwritten(place, `one request takes 5 GiB at most, and the file has ${file.bytes} bytes`);
  const put = { method: 'PUT', url: urlOf(place, file.name), sha256: await sha256Of(file.path) } as const;
  await ask(place, put, { path: file.path, bytes: file.bytes });
  const names = await orWarn(() => namesIn(place, cluster));
  if (!names) return [];
  // Something else than a store may answer each request with success.
  if (!names.includes(file.name)) throw unwritten(place, 'it does not list the file that was uploaded');
  const old = outdated(names, cluster, keep).filter((name) => name !== file.name);
  const remove = async (name: string) =>
    await ask(place, { method: 'DELETE', url: urlOf(place, name), sha256: emptyBody });
  const removed = await orWarn(async () => {
    for (const name of old) await remove(name);
    return old;
  });
  return removed ?? [];
}

async function orWarn<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    warning(`the backup was sent to the bucket, but older ones were not removed: ${describeProblem(error)}`);
    return undefined;
  }
}

function urlOf({ origin, bucket, prefix }: S3Place, name: string): URL {
  const path = [bucket, ...`${prefix}${name}`.split('/')].map(encoded).join('/');
  return new URL(`${origin}/${path}`);
}

/** All names below the prefix that begin as the cluster's backups do. */
async function namesIn(place: S3Place, cluster: string): Promise<readonly string[]> {
  const names: string[] = [];
  let next: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const url = new URL(`${place.origin}/${encoded(place.bucket)}`);
    url.searchParams.set('list-type', '2');
    url.searchParams.set('prefix', `${place.prefix}k8s-ha-backup-${cluster}_`);
    if (next !== undefined) url.searchParams.set('continuation-token', next);
    const { text } = await ask(place, { method: 'GET', url, sha256: emptyBody });
    // Neither the prefix nor a backup's name has a sign that XML escapes.
    const keys = Array.from(text.matchAll(/<Key>([^<]*)<\/Key>/g), ([, key = '']) => key);
    names.push(...keys.filter((key) => key.startsWith(place.prefix)).map((key) => key.slice(place.prefix.length)));
    next = /<NextContinuationToken>([^<]+)</.exec(text)?.[1]?.replaceAll('&amp;', '&');
    if (next === undefined) return names;
  }
  return names;
}

/** Sends a request, again if the store or the network fails. @throws Problem BACKUP_UNWRITTEN */
async function ask(place: S3Place, request: S3Request, sending?: Sending): Promise<Answer> {
  const attempt = async (): Promise<Answer> => {
    const { status, text } = await answerTo(request, signedHeaders(request, place, new Date()), sending);
    if (status >= 200 && status < 300) return { status, text };
    const code = /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1] ?? '';
    const problem = unwritten(place, `it answers ${status} ${code} to ${request.method}`.replace('  ', ' '));
    throw status >= 500 ? problem : new AbortError(problem);
  };
  try {
    return await pRetry(attempt, { retries: 3, minTimeout: 500, shouldRetry: () => true });
  } catch (error) {
    throw error instanceof Problem ? error : unwritten(place, (error as Error).message);
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}

function unwritten({ origin, bucket }: S3Place, reason: string): Problem {
  return new Problem(`the bucket ${bucket} at ${origin}: ${reason}`, {
    code: 'BACKUP_UNWRITTEN',
    hint: 'Check s3-url and s3-region, whether the bucket exists, and whether the key may write there (s3:PutObject).',
  });
}
