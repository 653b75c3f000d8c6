import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { Problem } from '../errors.ts';

/** A file of the archive. */
export interface Entry {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly data: AsyncIterable<Uint8Array>;
}

const block = 512;
/** Two empty blocks end an archive. Source: POSIX.1, pax, "ustar Interchange Format" */
const ending = 2 * block;

/** The length of the archive. Names are short, so that each file has a header of one block. */
export function archiveBytes(entries: readonly Pick<Entry, 'bytes'>[]): number {
  return entries.reduce((sum, { bytes }) => sum + block + Math.ceil(bytes / block) * block, ending);
}

/**
 * A tar archive of the files, as a stream.
 * @throws Problem BACKUP_DIFFERS (while it is read) if a file's data is not what its SHA-256 says
 */
export function archiveOf(entries: readonly Entry[], mtime: Date): AsyncIterable<Uint8Array> {
  const archive = pack();
  fill(archive, entries, mtime).catch((error: Error) => archive.destroy(error));
  return archive as AsyncIterable<Uint8Array>;
}

async function fill(archive: Pack, entries: readonly Entry[], mtime: Date): Promise<void> {
  for (const { name, bytes: size, sha256, data } of entries) {
    const written = archive.entry({ name, size, mode: 0o600, mtime });
    await pipeline(Readable.from(verified(name, data, { bytes: size, sha256 }, differs)), written);
  }
  archive.finalize();
}

/** The same data. @throws the error of `refuse` at its end, if it has another length or SHA-256 */
export async function* verified(
  name: string,
  data: AsyncIterable<Uint8Array>,
  { bytes, sha256 }: Pick<Entry, 'bytes' | 'sha256'>,
  refuse: (name: string) => Error,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let length = 0;
  for await (const piece of data) {
    length += piece.length;
    if (length > bytes) throw refuse(name);
    hash.update(piece);
    yield piece;
  }
  if (length !== bytes || hash.digest('hex') !== sha256) throw refuse(name);
}

function differs(name: string): Problem {
  return new Problem(`${name} did not arrive as the host has hashed it`, {
    code: 'BACKUP_DIFFERS',
    hint: 'Run again. If it happens again, look for a damaged disk or memory on that host.',
  });
}
