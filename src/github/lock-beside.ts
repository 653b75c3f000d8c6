import { lstatSync } from 'node:fs';
import { type Lock, lockFileOf } from '../cluster/lock.ts';
import { Problem } from '../errors.ts';
import { parseLock } from '../lockfile/read.ts';
import { readStart } from './small-file.ts';

/** More than parseLock accepts. */
const mostBytes = 1024 * 1024;

/**
 * Reads the lock file beside a cluster file; undefined if there is none. A file that is there but cannot be read is not a missing one: a link to nothing must not switch the check off.
 * @throws Problem LOCKFILE_INVALID, alone or in an AggregateError
 */
export function lockBeside(clusterFile: string): Lock | undefined {
  const file = lockFileOf(clusterFile);
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
  try {
    return parseLock(readStart(file, mostBytes), file);
  } catch (cause) {
    if (cause instanceof AggregateError) throw cause;
    const hint = 'Check what the path leads to, and its permissions.';
    throw new Problem(`the lock file can't be read`, { code: 'LOCKFILE_INVALID', file, hint, cause });
  }
}
