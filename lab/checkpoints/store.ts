import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { LabHost } from '../cluster-file.ts';
import { LabError } from '../error.ts';

/** The number of checkpoints that are kept: each takes about 2 GB for seven hosts with a cluster. */
const KEPT = 4;

/** The disks of a lab's hosts at one moment, with the files that belong to them. */
export interface Checkpoint {
  readonly name: string;
  /** See productKey. */
  readonly key: string;
  readonly hosts: readonly LabHost[];
  readonly savedAt: string;
  /** Layers of each host's disk over the base tree, the uppermost first, as folders in the host's own folder. */
  readonly layers: Readonly<Record<string, readonly string[]>>;
  readonly folder: string;
}

/** The folder of all checkpoints: in the cache, because any lab of the machine may start from one. */
export const checkpointsFolder = (cache: string): string => join(cache, 'checkpoints');

/** The folder of one checkpoint. @throws LabError for an invalid name */
export function checkpointFolder(cache: string, name: string): string {
  if (/^[a-z0-9][a-z0-9.-]{0,63}$/.test(name)) return join(checkpointsFolder(cache), name);
  throw new LabError(`"${name}" can't name a checkpoint`, {
    hint: 'use a-z, 0-9, - and ., beginning with a letter or digit',
  });
}

/** A host's part of a checkpoint. */
export const hostFolder = (folder: string, host: string): string => join(folder, 'hosts', host);

/** The file that describes a checkpoint; written last, so a checkpoint without it is incomplete. */
export const recordFile = (folder: string): string => join(folder, 'checkpoint.json');

function read(folder: string): Checkpoint | undefined {
  try {
    return { ...(JSON.parse(readFileSync(recordFile(folder), 'utf8')) as Checkpoint), folder };
  } catch {
    return undefined;
  }
}

/** All checkpoints, the most recently used one first. */
export function listCheckpoints(cache: string): readonly Checkpoint[] {
  const place = checkpointsFolder(cache);
  const names = existsSync(place) ? readdirSync(place) : [];
  const used = ({ folder }: Checkpoint) => statSync(recordFile(folder)).mtimeMs;
  return names.flatMap((name) => read(join(place, name)) ?? []).sort((one, other) => used(other) - used(one));
}

/**
 * Returns the checkpoint of a name, for use.
 *
 * @param key the product's current key; undefined accepts any checkpoint.
 * @throws LabError if there is none, or if another product made it.
 */
export function openCheckpoint(cache: string, name: string, key: string | undefined): Checkpoint {
  const found = read(checkpointFolder(cache, name));
  const hint = `npm run lab -- checkpoint save ${name}, on a lab that is as you want it`;
  if (!found) throw new LabError(`there is no checkpoint ${name}`, { hint });
  if (key !== undefined && found.key !== key)
    throw new LabError(`the checkpoint ${name} was made by other bundles or on another base system`, {
      hint: `${hint}; or use it nevertheless with --stale`,
    });
  const now = new Date();
  utimesSync(recordFile(found.folder), now, now);
  return found;
}

/** Whether a lab's hosts have their disks over this checkpoint. */
function isUsed({ folder }: Checkpoint): boolean {
  return readFileSync('/proc/self/mountinfo', 'utf8').includes(`${folder}/`);
}

/** Removes a checkpoint. @throws LabError if there is none, or if a lab is up on it */
export function removeCheckpoint(cache: string, name: string): void {
  const found = read(checkpointFolder(cache, name));
  if (!found) throw new LabError(`there is no checkpoint ${name}`, { hint: 'npm run lab -- checkpoint list' });
  if (isUsed(found)) throw new LabError(`a lab is up on the checkpoint ${name}`, { hint: 'npm run lab -- down' });
  rmSync(found.folder, { recursive: true, force: true });
}

/** Removes incomplete saves, and the least recently used checkpoints, down to the number that is kept. */
export function removeOldCheckpoints(cache: string, kept: number = KEPT): void {
  const place = checkpointsFolder(cache);
  const all = listCheckpoints(cache);
  for (const name of existsSync(place) ? readdirSync(place) : [])
    if (!all.some((each) => each.name === name)) rmSync(join(place, name), { recursive: true, force: true });
  for (const old of all.slice(kept)) if (!isUsed(old)) rmSync(old.folder, { recursive: true, force: true });
}
