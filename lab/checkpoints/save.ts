import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../binaries/cache.ts';
import { must } from '../command.ts';
import { hostKeyFiles } from '../hosts/access.ts';
import { layersOf, REAL_DIRECTORIES, realDirectory, upperFolder } from '../hosts/disk.ts';
import { whileFrozen } from '../hosts/freezer.ts';
import type { LabPaths } from '../identity.ts';
import { withLock } from '../lock.ts';
import { hostDir, type LabRecord } from '../state.ts';
import { productKey } from './key.ts';
import {
  checkpointFolder,
  checkpointsFolder,
  hostFolder,
  listCheckpoints,
  recordFile,
  removeCheckpoint,
  removeOldCheckpoints,
} from './store.ts';

/** The parts of a lab's state folder that are saved in addition to the disks. */
export const STATE_FILES = ['ssh_key', 'ssh_key.pub', 'known_hosts', 'cluster.yaml'] as const;

/** The parts of a host's folder that are saved. */
export const hostFiles = (paths: LabPaths, host: string): readonly string[] => [
  ...hostKeyFiles(paths, host),
  join(hostDir(paths, host), 'generation'),
];

/**
 * Saves the disks of all hosts in their current state, like after a loss of power. The lab
 * is frozen for the seconds that this takes. A checkpoint of the same name is replaced, unless `keep` is given.
 *
 * @throws LabError if a lab is up on the checkpoint that would be replaced.
 */
export async function saveCheckpoint(
  paths: LabPaths,
  { hosts }: LabRecord,
  { name, keep }: { readonly name: string; readonly keep: boolean },
): Promise<void> {
  const cache = cacheFolder();
  const folder = checkpointFolder(cache, name);
  const part = `${folder}_part`;
  mkdirSync(checkpointsFolder(cache), { recursive: true });
  return await withLock(
    join(cache, 'checkpoints.lock'),
    () => undefined,
    async () => {
      const there = listCheckpoints(cache).find((each) => each.name === name);
      if (there && keep) return;
      rmSync(part, { recursive: true, force: true });
      mkdirSync(part);
      const names = hosts.map((host) => host.name);
      await whileFrozen(paths, () => Promise.all(names.map((host) => copyDisk(paths, host, hostFolder(part, host)))));
      for (const file of STATE_FILES) cpSync(join(paths.stateDir, file), join(part, file));
      for (const host of names) copyFiles(hostFiles(paths, host), hostFolder(part, host));
      const layers = Object.fromEntries(names.map((host) => [host, layerNames(layersOf(paths, host).length + 1)]));
      const record = { name, key: productKey(paths.root), hosts, savedAt: new Date().toISOString(), layers };
      writeFileSync(recordFile(part), `${JSON.stringify(record, null, 2)}\n`);
      if (there) removeCheckpoint(cache, name);
      renameSync(part, folder);
      removeOldCheckpoints(cache);
    },
  );
}

/** Copies files that exist into a folder, each with its name. */
export function copyFiles(files: readonly string[], folder: string): void {
  for (const file of files.filter((each) => existsSync(each)))
    cpSync(file, join(folder, file.slice(file.lastIndexOf('/'))));
}

const layerNames = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `layer-${index}`);

async function copyDisk(paths: LabPaths, host: string, folder: string): Promise<void> {
  mkdirSync(join(folder, 'disks'), { recursive: true });
  const [upper = '', ...lower] = layerNames(layersOf(paths, host).length + 1);
  await must(['cp', '--archive', upperFolder(paths, host), join(folder, upper)]);
  // No process writes to a lower layer, so its files can be shared.
  for (const [index, layer] of layersOf(paths, host).entries())
    await must(['cp', '--archive', '--link', layer, join(folder, lower[index] ?? '')]);
  for (const name of REAL_DIRECTORIES)
    await must(['cp', '--archive', '--sparse=always', realDirectory(paths, host, name), join(folder, 'disks', name)]);
}
