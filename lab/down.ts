import { existsSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './error.ts';
import { processesOf, removeCgroups } from './hosts/cgroups.ts';
import { unmountBelow } from './hosts/disk.ts';
import { powerOffHost } from './hosts/power.ts';
import { restoreOuterSysctls } from './hosts/sysctls.ts';
import { type LabPaths, machineName } from './identity.ts';
import { removeNetwork } from './network/netns.ts';
import { signal, waitForEnd } from './process.ts';
import type { Progress } from './progress.ts';
import { otherLabs, readLab } from './state.ts';

/** Ends every process of the lab. They are found by its cgroups, so none is missed even if records are lost. */
async function endProcesses(paths: LabPaths): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (let left = processesOf(paths); left.length > 0; left = processesOf(paths)) {
    if (Date.now() > deadline) {
      throw new LabError(`${left.length} processes of the lab did not end`, {
        hint: `they are ${left.map(({ pid }) => pid).join(', ')}`,
      });
    }
    for (const record of left) signal(record, 'SIGKILL');
    for (const record of left) await waitForEnd(record, 1_000);
  }
}

/** Removes the lab's cgroups. The kernel keeps one for a moment while it clears up an ended process. */
async function removeAllCgroups(paths: LabPaths): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!removeCgroups(paths) && Date.now() < deadline) await sleep(50);
}

/** Powers all hosts off, and lets each nspawn remove its own locks and folders before everything else is ended. */
async function unplugHosts(paths: LabPaths): Promise<void> {
  const hosts = readLab(paths)?.hosts ?? [];
  await Promise.all(hosts.map((host) => powerOffHost(paths, host, true)));
  for (const host of hosts) {
    // A killed nspawn leaves it.
    const folder = join('/run/systemd/nspawn/propagate', machineName(paths, host.address));
    if (existsSync(folder)) rmdirSync(folder);
  }
}

/** Removes everything that a lab has on this machine except its records. Works on any incomplete lab. */
export async function clearRemains(paths: LabPaths): Promise<void> {
  await unplugHosts(paths);
  await endProcesses(paths);
  await unmountBelow(join(paths.stateDir, 'hosts'));
  await removeNetwork(paths);
  await removeAllCgroups(paths);
  // Records are removed last: until then another "down" can find the rest.
  rmSync(paths.stateDir, { recursive: true, force: true });
}

/** Takes the lab down and removes every trace of it except the cache; false if there was none. */
export async function takeDown(paths: LabPaths, progress: Progress): Promise<boolean> {
  const wasThere = existsSync(paths.stateDir) || processesOf(paths).length > 0;
  await clearRemains(paths);
  if (!otherLabs(paths)) {
    const restored = restoreOuterSysctls();
    if (restored.length > 0) progress(`settings of this machine's kernel put back: ${restored.join(', ')}`);
  }
  progress(wasThere ? 'down: nothing of the lab is left but its cache' : 'there is no lab to take down');
  return wasThere;
}
