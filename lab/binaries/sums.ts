import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Release } from './release.ts';

export { findSum } from '../../src/host/sums.ts';

/** The SHA-256 of a file in hex, computed without loading the file into memory. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** A checksum file in upstream's format for this release. */
export function sumText(release: Pick<Release, 'file' | 'sum'>, sum: string): string {
  const name = basename(release.file);
  if (release.sum.style === 'github') return `${JSON.stringify({ assets: [{ name, digest: `sha256:${sum}` }] })}\n`;
  return release.sum.style === 'bare' ? sum : `${sum}  ${name}\n`;
}
