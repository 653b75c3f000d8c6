import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '../error.ts';
import type { LabPaths } from '../identity.ts';
import { hierarchiesOf } from './cgroups.ts';

/** Time limit for the kernel to stop every process; a process that is writing to a disk finishes that first. */
const FREEZE_LIMIT = 20_000;

/** A file that freezes a cgroup, its commands, and how to read that the cgroup is frozen. */
interface Switch {
  readonly file: string;
  readonly freeze: string;
  readonly thaw: string;
  readonly isFrozen: () => boolean;
}

function switchOf(paths: LabPaths): Switch {
  for (const hierarchy of hierarchiesOf(readFileSync('/proc/mounts', 'utf8'))) {
    const [first, second] = ['freezer.state', 'cgroup.freeze'].map((name) => join(hierarchy, paths.cgroup, name));
    if (first && existsSync(first)) {
      const isFrozen = () => readFileSync(first, 'utf8').trim() === 'FROZEN';
      return { file: first, freeze: 'FROZEN', thaw: 'THAWED', isFrozen };
    }
    // The second-version tree of the hybrid layout has this file as well, but no member of the lab is only in that tree.
    if (second && existsSync(second) && hierarchy === '/sys/fs/cgroup') {
      const events = join(hierarchy, paths.cgroup, 'cgroup.events');
      const isFrozen = () => /^frozen 1$/m.test(readFileSync(events, 'utf8'));
      return { file: second, freeze: '1', thaw: '0', isFrozen };
    }
  }
  throw new LabError('this machine’s cgroups can’t freeze processes');
}

/** Runs an action while every process of the lab is frozen, so the disks are consistent. */
export async function whileFrozen<T>(paths: LabPaths, action: () => Promise<T>): Promise<T> {
  const { file, freeze, thaw, isFrozen } = switchOf(paths);
  writeFileSync(file, freeze);
  try {
    const deadline = Date.now() + FREEZE_LIMIT;
    while (!isFrozen()) {
      if (Date.now() > deadline) throw new LabError('the lab’s processes could not be frozen');
      await sleep(20);
    }
    return await action();
  } finally {
    writeFileSync(file, thaw);
  }
}
