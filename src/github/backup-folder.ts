import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../errors.ts';

type Bytes = AsyncIterable<Uint8Array>;

/** A file of a run that was killed: no run takes so long. */
const staleMs = 24 * 3_600_000;

/**
 * Writes a file beside its place, lets it be read again, and renames it: under its own name a file is complete.
 * @returns its length in bytes
 * @throws Problem BACKUP_UNWRITTEN; what the data or the check throws
 */
export async function writeBackupFile(
  folder: string,
  name: string,
  data: Bytes,
  check: (read: () => Bytes) => Promise<void>,
): Promise<number> {
  const beside = join(folder, `.${name}.part`);
  await onDisk(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));
  try {
    const bytes = await writeDurably(folder, beside, data);
    await check(() => readAgain(beside));
    await onDisk(folder, () => rename(beside, join(folder, name)));
    return bytes;
  } finally {
    await rm(beside, { force: true });
  }
}

/** Opened when the first piece is asked for. */
async function* readAgain(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path);
}

async function writeDurably(folder: string, path: string, data: Bytes): Promise<number> {
  const file = await onDisk(folder, () => open(path, 'w', 0o600));
  let bytes = 0;
  try {
    for await (const piece of data) {
      await onDisk(folder, () => file.writeFile(piece));
      bytes += piece.length;
    }
    await onDisk(folder, () => file.sync());
  } finally {
    await file.close();
  }
  return bytes;
}

/** An error of the file system is the folder's, and not that of the data. */
async function onDisk<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const hint = 'Free some space, or set the input folder to a place that the runner may write to.';
    throw new Problem(`the backup can't be written to ${folder}: ${reason}`, { code: 'BACKUP_UNWRITTEN', cause, hint });
  }
}

/**
 * Removes all but the newest backups of a cluster, and what killed runs have left beside them. Other files stay.
 * @param made the one that was just made, which stays although a clock that was wrong may have given others a later name
 * @returns the names of the removed backups
 * @throws Problem BACKUP_UNWRITTEN
 */
export async function removeOldBackups(
  folder: string,
  cluster: string,
  keep: number,
  made: string,
): Promise<readonly string[]> {
  const names = await onDisk(folder, () => readdir(folder));
  const old = outdated(names, cluster, keep).filter((name) => name !== made);
  await onDisk(folder, () => Promise.all(old.map((name) => rm(join(folder, name)))));
  const parts = names.filter((name) => name.endsWith('.part') && isBackupOf(cluster, name.slice(1, -'.part'.length)));
  for (const name of parts) {
    const { mtimeMs } = await onDisk(folder, () => stat(join(folder, name)));
    if (Date.now() - mtimeMs > staleMs) await onDisk(folder, () => rm(join(folder, name), { force: true }));
  }
  return old;
}

/** The backups of a cluster but the newest ones, by their names; other names are none. Pure. */
export function outdated(names: readonly string[], cluster: string, keep: number): readonly string[] {
  const own = names.filter((name) => isBackupOf(cluster, name)).toSorted();
  return own.slice(0, Math.max(0, own.length - keep));
}

function isBackupOf(cluster: string, name: string): boolean {
  const begin = `k8s-ha-backup-${cluster}_`;
  return name.startsWith(begin) && /^\d{8}T\d{6}Z\.age$/.test(name.slice(begin.length));
}
