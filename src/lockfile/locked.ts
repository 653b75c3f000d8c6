import type { Lock } from '../cluster/lock.ts';
import { Problem } from '../errors.ts';
import { howToMake } from './make.ts';

/** A cluster, as far as it decides what may be used. */
interface Locked {
  readonly lock?: Lock | undefined;
}

/**
 * The SHA-256 that the binary at this official URL must have; undefined for a cluster without a lock.
 * @throws Problem LOCKFILE_LACKING if the lock has no entry
 */
export function lockedSum({ lock }: Locked, url: string): string | undefined {
  return lock && entryOf(lock, lock.binaries, url);
}

/**
 * The digest that an image, by name and tag, must have; undefined for a cluster without a lock.
 * @throws Problem LOCKFILE_LACKING if the lock has no entry
 */
export function lockedDigest({ lock }: Locked, image: string): string | undefined {
  return lock && entryOf(lock, lock.images, image);
}

function entryOf(lock: Lock, entries: ReadonlyMap<string, string>, name: string): string {
  const found = entries.get(name);
  if (found === undefined) throw lacking(lock, name);
  return found;
}

/** The problem of a needed binary or image without an entry: its bytes had no review, so it is not fetched. */
export function lacking({ file }: Lock, name: string): Problem {
  return new Problem(`it has no entry for ${name}, which cluster.yaml needs`, {
    code: 'LOCKFILE_LACKING',
    file,
    hint: `Nothing was changed. For the versions of cluster.yaml, ${howToMake}.`,
  });
}
