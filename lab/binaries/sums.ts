import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Release } from './release.ts';

/** The SHA-256 of a file, in hex, without holding the file in memory. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** A sum file as upstream writes the one of this release. */
export function sumText(release: Pick<Release, 'file' | 'sum'>, sum: string): string {
  return release.sum.style === 'bare' ? sum : `${sum}  ${basename(release.file)}\n`;
}

/** Finds a file's sum in a sum file of any of the styles that are about (also BSD's `*name` of binary mode). */
export function findSum(text: string, name: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const bare = lines.find((line) => /^[0-9a-f]{64}$/.test(line));
  if (bare !== undefined) return bare;
  for (const line of lines) {
    const match = /^([0-9a-f]{64})\s+[*]?(?:\.\/)?(\S+)$/.exec(line);
    if (match !== null && match[2] === name) return match[1];
  }
  return undefined;
}
