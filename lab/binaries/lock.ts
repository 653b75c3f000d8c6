import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Runs work while no other process of this machine holds the same lock: two checkouts share one cache.
 * A lock whose process is gone, by a kill or a reboot, is taken over.
 */
export async function withLock<T>(path: string, log: (line: string) => void, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  let told = false;
  while (!(await take(path))) {
    const holder = await readHolder(path);
    if (holder !== undefined && (await isAlive(holder))) {
      if (!told) log(`waiting for process ${holder.split(' ')[0]}, which fills the same cache`);
      told = true;
      await wait(500);
    } else if (holder !== undefined) {
      await breakLock(path, holder);
    }
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** The content appears together with the name, so nobody reads a lock that says nothing yet. */
async function take(path: string): Promise<boolean> {
  const own = `${path}.${process.pid}`;
  await writeFile(own, `${process.pid} ${await startTime(process.pid)}`);
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
    return; // Somebody else was quicker.
  }
  // Between reading and renaming another one may have broken it and taken it: give it back.
  if ((await readFile(aside, 'utf8')) === deadHolder) await rm(aside, { force: true });
  else await rename(aside, path);
}

async function readHolder(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

async function isAlive(holder: string): Promise<boolean> {
  const [pid = '', started] = holder.split(' ');
  return (await startTime(Number(pid))) === started;
}

/** Tells a process from a later one that got the same number. Empty for none. */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field, the command's name, may hold spaces and parentheses: count from its end.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
