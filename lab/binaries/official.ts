import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Release } from './release.ts';
import { findSum, sha256 } from './sums.ts';

const probeLimit = 3_000;
const downloadLimit = 600_000;

/** The base URL of releases; tests replace it with their own server. */
export const officialOrigin = 'https://';

/** Which of the hosts answer. All are asked once and in parallel, so a machine without internet waits only 3 s in total. */
export async function reachableHosts(releases: readonly Release[], origin: string): Promise<Set<string>> {
  const examples = new Map(releases.map((release) => [hostOf(release), release.sum.file]));
  const answers = await Promise.all(
    [...examples].map(async ([host, file]) => ((await answers200(`${origin}${file}`)) ? [host] : [])),
  );
  return new Set(answers.flat());
}

export function hostOf(release: Release): string {
  return release.file.split('/')[0] ?? '';
}

async function answers200(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(probeLimit) });
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Downloads an official file and its checksum, and verifies the file.
 *
 * @throws on any answer but 200, and on a wrong checksum.
 */
export async function download(release: Release, origin: string, file: string, sumFile: string): Promise<void> {
  const text = await (await get(origin + release.sum.file)).text();
  const response = await get(origin + release.file);
  if (response.body === null) throw new Error(`failed to download ${release.file}: the answer is empty`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
  const actual = await sha256(file);
  const expected = findSum(text, basename(release.file));
  if (expected !== actual) {
    throw new Error(`failed to verify ${release.file}: its sha256 is ${actual}, upstream's list says ${expected}`);
  }
  await writeFile(sumFile, text);
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(downloadLimit) });
  if (!response.ok) throw new Error(`failed to download ${url}: HTTP ${response.status}`);
  return response;
}
