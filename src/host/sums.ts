import pRetry, { AbortError } from 'p-retry';
import { Problem } from '../errors.ts';

/** Sums are asked once for all hosts of a run. */
const texts = new Map<string, Promise<string>>();

/**
 * The SHA-256 that a publisher states for a download.
 * @throws Problem MIRROR_UNREACHABLE when the place does not answer, SUM_MISSING when it has no sum for this file.
 */
export async function resolveSum(url: string, sumUrl: string): Promise<string> {
  let text = texts.get(sumUrl);
  if (text === undefined) {
    text = fetchText(sumUrl);
    texts.set(sumUrl, text);
    text.catch(() => texts.delete(sumUrl));
  }
  const sum = findSum(await text, decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? ''));
  if (sum !== undefined) return sum;
  throw new Problem(`${sumUrl} states no SHA-256 for ${url}`, {
    code: 'SUM_MISSING',
    file: sumUrl,
    hint: 'The mirror has to serve the sums beside the files, as the official place does.',
  });
}

/**
 * Finds a file's sum in what publishers offer: a bare sum, lines of `sum  name` or `sum *name`, or GitHub's description
 * of a release, whose assets have a digest (for projects that publish no sums of their own).
 * Source: docs.github.com/en/rest/releases/releases
 */
export function findSum(text: string, name: string): string | undefined {
  return text.trimStart().startsWith('{') ? digestOf(text, name) : sumIn(text, name);
}

function digestOf(text: string, name: string): string | undefined {
  try {
    const { assets = [] } = JSON.parse(text) as { readonly assets?: readonly { name?: string; digest?: string }[] };
    const digest = assets.find((asset) => asset.name === name)?.digest ?? '';
    return /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  } catch {
    return undefined;
  }
}

function sumIn(text: string, name: string): string | undefined {
  const lines = text
    .split(/\r?\n/)
    .map((line) => /^\s*([0-9a-fA-F]{64})(?:\s+\*?(\S.*?))?\s*$/.exec(line))
    .filter((match) => match !== null);
  const named = lines.find((match) => match[2]?.split('/').at(-1) === name);
  const bare = lines.length === 1 && lines[0]?.[2] === undefined ? lines[0] : undefined;
  return (named ?? bare)?.[1]?.toLowerCase();
}

async function fetchText(url: string): Promise<string> {
  try {
    return await pRetry(async () => await fetchOnce(url), { retries: 3, minTimeout: 300, factor: 3, randomize: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Problem(`cannot get ${url}: ${why}`, {
      code: 'MIRROR_UNREACHABLE',
      file: url,
      hint: 'The runner asks for the sums of what hosts are to download. Is the address right, and can the runner reach it?',
      cause,
    });
  }
}

/** fetch itself says "fetch failed" only; what happened is its cause. */
function causeText(error: Error): string {
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}

async function fetchOnce(url: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(15_000) });
  } catch (cause) {
    // A TypeError would count as a defect of ours and not be tried again.
    throw new Error(cause instanceof Error ? causeText(cause) : String(cause), { cause });
  }
  if (response.ok) return await response.text();
  const refused = new Error(`HTTP ${response.status}`);
  const passes = response.status >= 500 || response.status === 429 || response.status === 408;
  throw passes ? refused : new AbortError(refused);
}
