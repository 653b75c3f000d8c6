import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LabError } from './error.ts';
import { recordOf } from './process.ts';

/**
 * Runs work while no other process of this machine holds the same lock: waits for one that does, and logs for whom. A lock
 * whose process is gone, by a kill or a reboot, is taken over.
 */
export async function withLock<T>(path: string, log: (line: string) => void, work: () => Promise<T>): Promise<T> {
  let logged = false;
  return await locked(path, work, async (pid) => {
    if (!logged) log(`waiting for process ${pid}, which fills the same cache`);
    logged = true;
    await wait(500);
  });
}

/**
 * The same for what is not to be waited for: a lab that another command is changing.
 *
 * @throws LabError when another process holds the lock.
 */
export async function withLockOrRefuse<T>(path: string, work: () => Promise<T>): Promise<T> {
  return await locked(path, work, (pid) => {
    throw new LabError(`another lab command (process ${pid}) is changing this lab`, {
      hint: 'wait until it has ended, or end it',
    });
  });
}

/** @param held called while another running process holds the lock, before each retry. */
async function locked<T>(
  path: string,
  work: () => Promise<T>,
  held: (pid: string) => Promise<void> | void,
): Promise<T> {
  while (!(await take(path))) {
    const holder = await readFile(path, 'utf8').catch(() => undefined);
    if (holder !== undefined && isAlive(holder)) await held(holder.split(' ')[0] ?? '');
    else if (holder !== undefined) await breakLock(path, holder);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** The content appears together with the name, so that no reader sees a lock that says nothing yet. */
async function take(path: string): Promise<boolean> {
  const own = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(own, `${process.pid} ${recordOf(process.pid)?.startTime ?? ''}`);
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(own, { force: true });
  }
}

async function breakLock(path: string, deadHolder: string): Promise<void> {
  const aside = `${path}.dead.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return; // Another process was quicker.
  }
  // Between reading and renaming, another process may have broken it and taken it: give it back.
  if ((await readFile(aside, 'utf8')) === deadHolder) await rm(aside, { force: true });
  else await rename(aside, path);
}

/** By number and start, which tell a process from a later one that got the same number. */
function isAlive(holder: string): boolean {
  const [pid = '', started] = holder.split(' ');
  return started !== undefined && String(recordOf(Number(pid))?.startTime) === started;
}
