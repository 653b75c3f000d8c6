import { pack } from 'tar-stream';

/** A file of a tar archive; all belong to root and carry no date. */
export interface TarEntry {
  /** Without a leading slash. */
  readonly path: string;
  readonly mode: number;
  /** `undefined` for a directory. */
  readonly content?: Buffer;
}

/** Makes a tar archive for an image's layer or an OCI archive: the same bytes on each machine. */
export async function tarOf(entries: readonly TarEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { path: name, mode, content } of entries) {
    const type = content ? 'file' : 'directory';
    archive.entry({ name, mode, type, mtime: new Date(0) }, content ?? Buffer.alloc(0));
  }
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}
