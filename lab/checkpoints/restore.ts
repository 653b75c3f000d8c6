import { cpSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { must } from '../command.ts';
import { markPersonal, putLayers, REAL_DIRECTORIES, realDirectory } from '../hosts/disk.ts';
import type { LabPaths } from '../identity.ts';
import { hostDir } from '../state.ts';
import { copyFiles, hostFiles, STATE_FILES } from './save.ts';
import { type Checkpoint, hostFolder } from './store.ts';

/** Copies a checkpoint into the state folder of a lab that is down: its hosts then boot with the saved disks. */
export async function restoreCheckpoint(paths: LabPaths, { folder, hosts, layers }: Checkpoint): Promise<void> {
  mkdirSync(paths.stateDir, { recursive: true });
  for (const file of STATE_FILES) cpSync(join(folder, file), join(paths.stateDir, file));
  await Promise.all(hosts.map(({ name }) => restoreHost(paths, name, hostFolder(folder, name), layers[name] ?? [])));
}

async function restoreHost(paths: LabPaths, host: string, from: string, layers: readonly string[]): Promise<void> {
  mkdirSync(join(hostDir(paths, host), 'disks'), { recursive: true });
  copyFiles(
    hostFiles(paths, host).map((file) => join(from, basename(file))),
    hostDir(paths, host),
  );
  for (const name of REAL_DIRECTORIES)
    await must(['cp', '--archive', '--sparse=always', join(from, 'disks', name), realDirectory(paths, host, name)]);
  putLayers(
    paths,
    host,
    layers.map((layer) => join(from, layer)),
  );
  markPersonal(paths, host);
}
