import pRetry, { AbortError } from 'p-retry';
import { bytesOf, inUnits } from '../entry/bytes.ts';
import { parseJson } from '../entry/json.ts';
import { Problem } from '../errors.ts';
import { proxiedGet } from './proxied-get.ts';

/** Limits for a checksum server. */
export interface SumLimits {
  /** One attempt, including redirects and the complete body, ms. */
  readonly attemptMs: number;
  /** The body, in bytes. GitHub describes a release with a hundred assets in 300 KiB. */
  readonly bytes: number;
}

const usualLimits: SumLimits = { attemptMs: 15_000, bytes: 4 * 1024 * 1024 };
const mostRedirects = 5;
/** A checksum and a path; longer lines are something else. */
const longestLine = 4096;

/** How a checksum server is asked. */
export interface SumOptions {
  readonly limits?: SumLimits;
  /** GitHub's, for the API of GitHub: without one it answers 60 requests an hour for all runners behind an address. */
  readonly token?: string | undefined;
  /** The part of the answer that counts, as what its publisher signed; may throw. Default: all of it. */
  readonly signedPart?: ((text: string) => string) | undefined;
}

/** Checksums are requested once for all hosts of a run. */
const texts = new Map<string, Promise<string>>();

/**
 * Returns the publisher's SHA-256 of a download.
 * @throws Problem MIRROR_UNREACHABLE if the server does not answer, MIRROR_NONSENSE if the answer is not a checksum file,
 *   SUM_MISSING if it has no checksum for this file, RATE_LIMITED if GitHub's API has no more answers for this runner, and what `signedPart` throws
 */
export async function resolveSum(url: string, sumUrl: string, options: SumOptions = {}): Promise<string> {
  let text = texts.get(sumUrl);
  if (text === undefined) {
    text = sumText(sumUrl, options);
    texts.set(sumUrl, text);
    text.catch(() => texts.delete(sumUrl));
  }
  const { signedPart = (all: string) => all } = options;
  const sum = findSum(signedPart(await text), fileNameOf(url));
  if (sum !== undefined) return sum;
  throw new Problem(`${sumUrl} states no SHA-256 for ${url}`, {
    code: 'SUM_MISSING',
    file: sumUrl,
    hint: 'The mirror must serve the checksum files like the official server.',
  });
}

function fileNameOf(url: string): string {
  const name = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/**
 * Finds a file's checksum in the formats of publishers: a bare checksum, lines of `sum  name` or `sum *name`, or GitHub's description
 * of a release, whose assets have a digest (for projects without checksum files).
 * Source: docs.github.com/en/rest/releases/releases
 */
export function findSum(text: string, name: string): string | undefined {
  return text.trimStart().startsWith('{') ? digestOf(text, name) : sumIn(text, name);
}

function digestOf(text: string, name: string): string | undefined {
  try {
    const release = parseJson(text, Error) as { readonly assets?: unknown };
    const assets: readonly unknown[] = Array.isArray(release.assets) ? release.assets : [];
    const asset = assets.find((one) => fieldOf(one, 'name') === name);
    return /^sha256:([0-9a-f]{64})$/.exec(String(fieldOf(asset, 'digest')))?.[1];
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function sumIn(text: string, name: string): string | undefined {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.length <= longestLine)
    .map((line) => /^([0-9a-fA-F]{64})(?:\s+\*?(\S.*))?$/.exec(line.trim()))
    .filter((match) => match !== null);
  const named = lines.find((match) => match[2]?.split('/').at(-1) === name);
  const bare = lines.length === 1 && lines[0]?.[2] === undefined ? lines[0] : undefined;
  return (named ?? bare)?.[1]?.toLowerCase();
}

async function sumText(url: string, { limits = usualLimits, token }: SumOptions): Promise<string> {
  const { hostname, protocol } = new URL(url);
  const isGitHub = protocol === 'https:' && hostname === 'api.github.com';
  const headers: Readonly<Record<string, string>> = isGitHub && token ? { authorization: `Bearer ${token}` } : {};
  return (await fetchBody(url, headers, { limits })).toString('utf8');
}

/** What is asked for, in the words of problems: what is at an address, and who reads it. */
export interface Subject {
  readonly name: string;
  readonly reader: string;
}

const checksums: Subject = {
  name: 'the checksums',
  reader: 'The runner reads the checksums of the hosts’ downloads there.',
};

/**
 * The body of a small answer. Repeated after errors that may pass.
 * @throws Problem MIRROR_UNREACHABLE, MIRROR_NONSENSE, RATE_LIMITED
 */
export async function fetchBody(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  { limits = usualLimits, subject = checksums }: { readonly limits?: SumLimits; readonly subject?: Subject } = {},
): Promise<Buffer> {
  try {
    const retry = { retries: 3, minTimeout: 300, factor: 3, randomize: true };
    return await pRetry(async () => await fetchOnce(url, headers, limits, subject), retry);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Problem(`cannot get ${url}: ${why}`, {
      code: 'MIRROR_UNREACHABLE',
      file: url,
      hint: `${subject.reader} Check the address, and that the runner can reach it, through HTTPS_PROXY if it has one.`,
      cause,
    });
  }
}

/** Not retried: another attempt would give the same answer. */
function nonsense(url: string, { name }: Subject, what: string): AbortError {
  const problem = new Problem(`the answer with ${name} at ${url} is not valid: ${what}`, {
    code: 'MIRROR_NONSENSE',
    file: url,
    hint: `Nothing was downloaded. Open the address in a browser: it must show ${name}, not a page of a proxy.`,
  });
  return new AbortError(problem);
}

/**
 * The error of a connection that was tried at several addresses has no message, only a code. A TypeError would count as a defect of this
 * project and would not be retried.
 */
function readable(error: unknown): Error {
  const { message, code, cause } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const why = cause instanceof Error ? cause.message : '';
  return new Error(why || message || code || String(error), { cause: error });
}

async function fetchOnce(
  url: string,
  headers: Readonly<Record<string, string>>,
  { attemptMs, bytes }: SumLimits,
  subject: Subject,
): Promise<Buffer> {
  const signal = AbortSignal.timeout(attemptMs);
  const refuse = (what: string) => nonsense(url, subject, what);
  try {
    const response = await followed(url, headers, signal, refuse);
    if (!response.ok) throw statusError(url, response);
    const length = Number(response.headers.get('content-length') ?? 0);
    if (length > bytes) throw refuse(`more than ${inUnits(bytes)}`);
    return response.body === null ? Buffer.alloc(0) : (await bytesOf(response.body, bytes, refuse)).view;
  } catch (error) {
    // Of a body that was cut off by the time limit, the connection only says that it was aborted.
    throw error instanceof AbortError ? error : readable(signal.aborted ? signal.reason : error);
  }
}

/**
 * Follows redirects, but never from https to http: an attacker on the network could forge the checksums there. A token goes to no other
 * host than the one that it is for.
 */
async function followed(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  refuse: (what: string) => Error,
): Promise<Response> {
  let at = new URL(url);
  for (let redirects = 0; ; redirects += 1) {
    const { authorization: _, ...others } = headers;
    const sent = at.origin === new URL(url).origin ? headers : others;
    const response = await proxiedGet(at, { signal, headers: sent });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    if (redirects === mostRedirects) throw refuse(`more than ${mostRedirects} redirects`);
    const next = URL.canParse(location, at.href) ? new URL(location, at) : undefined;
    if (!next || !/^https?:$/.test(next.protocol)) throw refuse('a redirect to an address that is not a web address');
    if (at.protocol === 'https:' && next.protocol !== 'https:') throw refuse('a redirect from https to http');
    at = next;
  }
}

function statusError(url: string, { status, headers }: Response): Error {
  // Source: docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
  if ((status === 403 || status === 429) && headers.get('x-ratelimit-remaining') === '0')
    return new AbortError(rateLimited(url, Number(headers.get('x-ratelimit-reset'))));
  const refused = new Error(`HTTP ${status}`);
  const passes = status >= 500 || status === 429 || status === 408;
  return passes ? refused : new AbortError(refused);
}

/** @param reset when it answers again, seconds since 1970; NaN if it does not say so */
function rateLimited(url: string, reset: number): Problem {
  const until = Number.isSafeInteger(reset) && reset > 0 ? ` before ${new Date(reset * 1000).toISOString()}` : '';
  return new Problem(`${new URL(url).host} gives no more answers to this runner’s address${until}`, {
    code: 'RATE_LIMITED',
    file: url,
    hint: 'Commit a lock file (run the plan action with lock: true): with it, no other job asks for checksums.',
  });
}
