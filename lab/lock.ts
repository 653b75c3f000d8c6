import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LabError } from './error.ts';
import { isAlive, type ProcessRecord, recordOf } from './process.ts';

function holderOf(file: string): ProcessRecord | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord;
    return isAlive(holder) ? holder : undefined;
  } catch {
    // Half-written or gone: its writer died or finished.
    return undefined;
  }
}

/**
 * Runs an action while nobody else of the same lab changes it. A lock whose holder died counts for nothing.
 *
 * @throws LabError when another command holds the lock.
 */
export async function withLock<T>(file: string, action: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const text = JSON.stringify(recordOf(process.pid));
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch {
    const holder = holderOf(file);
    if (holder) {
      throw new LabError(`another lab command (process ${holder.pid}) is changing this lab`, {
        hint: 'wait until it has ended, or end it',
      });
    }
    writeFileSync(file, text);
  }
  try {
    return await action();
  } finally {
    rmSync(file, { force: true });
  }
}
