import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { LabHost } from '../cluster-file.ts';
import { LabError } from '../error.ts';

/** So many are kept: each takes about 2 GB for seven hosts with a cluster. */
const KEPT = 4;

/** The disks of a lab's hosts as they were at one moment, with what belongs to them. */
export interface Checkpoint {
  readonly name: string;
  /** See productKey. */
  readonly key: string;
  readonly hosts: readonly LabHost[];
  readonly savedAt: string;
  /** Layers of each host's disk over the base tree, the uppermost first, as folders below its own. */
  readonly layers: Readonly<Record<string, readonly string[]>>;
  readonly folder: string;
}

/** Where all checkpoints are: in the cache, since any lab of the machine may start from one. */
export const checkpointsFolder = (cache: string): string => join(cache, 'checkpoints');

/** The folder of one checkpoint. @throws LabError for what can't name one */
export function checkpointFolder(cache: string, name: string): string {
  if (/^[a-z0-9][a-z0-9.-]{0,63}$/.test(name)) return join(checkpointsFolder(cache), name);
  throw new LabError(`"${name}" can't name a checkpoint`, {
    hint: 'use a-z, 0-9, - and ., beginning with a letter or digit',
  });
}

/** A host's part of a checkpoint. */
export const hostFolder = (folder: string, host: string): string => join(folder, 'hosts', host);

/** The file that describes a checkpoint; written last, so that what has none is not whole. */
export const recordFile = (folder: string): string => join(folder, 'checkpoint.json');

function read(folder: string): Checkpoint | undefined {
  try {
    return { ...(JSON.parse(readFileSync(recordFile(folder), 'utf8')) as Checkpoint), folder };
  } catch {
    return undefined;
  }
}

/** All checkpoints, the one that was used last first. */
export function listCheckpoints(cache: string): readonly Checkpoint[] {
  const place = checkpointsFolder(cache);
  const names = existsSync(place) ? readdirSync(place) : [];
  const used = ({ folder }: Checkpoint) => statSync(recordFile(folder)).mtimeMs;
  return names.flatMap((name) => read(join(place, name)) ?? []).sort((one, other) => used(other) - used(one));
}

/**
 * The checkpoint of a name, for use.
 *
 * @param key the product's present key; undefined accepts a checkpoint of any.
 * @throws LabError when there is none, or when it was made by another product.
 */
export function openCheckpoint(cache: string, name: string, key: string | undefined): Checkpoint {
  const found = read(checkpointFolder(cache, name));
  const hint = `npm run lab -- checkpoint save ${name}, on a lab that is as you want it`;
  if (!found) throw new LabError(`there is no checkpoint ${name}`, { hint });
  if (key !== undefined && found.key !== key)
    throw new LabError(`the checkpoint ${name} was made by other bundles or on another base system`, {
      hint: `${hint}; or take it all the same by --stale`,
    });
  const now = new Date();
  utimesSync(recordFile(found.folder), now, now);
  return found;
}

/** Whether a lab's hosts have their disks over this checkpoint. */
function isUsed({ folder }: Checkpoint): boolean {
  return readFileSync('/proc/self/mountinfo', 'utf8').includes(`${folder}/`);
}

/** Removes a checkpoint. @throws LabError when there is none, or when a lab is up on it */
export function removeCheckpoint(cache: string, name: string): void {
  const found = read(checkpointFolder(cache, name));
  if (!found) throw new LabError(`there is no checkpoint ${name}`, { hint: 'npm run lab -- checkpoint list' });
  if (isUsed(found)) throw new LabError(`a lab is up on the checkpoint ${name}`, { hint: 'npm run lab -- down' });
  rmSync(found.folder, { recursive: true, force: true });
}

/** Removes halves of killed saves, and the checkpoints that were used longest ago, down to the number that is kept. */
export function removeOldCheckpoints(cache: string, kept: number = KEPT): void {
  const place = checkpointsFolder(cache);
  const all = listCheckpoints(cache);
  for (const name of existsSync(place) ? readdirSync(place) : [])
    if (!all.some((each) => each.name === name)) rmSync(join(place, name), { recursive: true, force: true });
  for (const old of all.slice(kept)) if (!isUsed(old)) rmSync(old.folder, { recursive: true, force: true });
}
