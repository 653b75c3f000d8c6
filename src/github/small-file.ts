import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { bytesOf, type Refuse } from '../entry/bytes.ts';

/**
 * Reads an untrusted file.
 * @throws the error of `refuse` if it has more than `limit` bytes or is endless; errors of the file system
 */
export async function readSmallFile(path: string, limit: number, refuse: Refuse): Promise<Buffer> {
  const file = await open(path);
  const bytes = await bytesOf(file.createReadStream(), limit, refuse);
  return bytes.view;
}

/** The first bytes of a file as text; the complete text of a smaller file. @throws errors of the file system */
export function readStart(path: string, bytes: number): string {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes; length += read)
      read = readSync(file, buffer, length, bytes - length, null);
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}
