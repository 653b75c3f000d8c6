import { stringify } from 'yaml';
import type { Lock } from '../cluster/lock.ts';
import { knownSums } from './known.ts';

/** The fix for a lock file that is missing or lacks entries; continues a sentence. */
export const howToMake = 'run the plan action with lock: true, review the difference, and commit the file';

/** What a cluster needs from elsewhere. */
export interface Needs {
  readonly binaries: readonly NeededBinary[];
  /** By name and tag. */
  readonly images: readonly string[];
}

export interface NeededBinary {
  /** The official one: the key in the lock. */
  readonly url: string;
  /** Where the publisher's SHA-256 is: on the cluster's mirror, if it has one. */
  readonly sumUrl: string;
}

/** Where the entries of a lock come from. */
export interface Publishers {
  /** The SHA-256 of a binary in hex; undefined leaves the binary out. */
  readonly sum: (binary: NeededBinary) => Promise<string | undefined>;
  /** The digest of an image, `sha256:…`. */
  readonly digest: (image: string) => Promise<string>;
}

/** The needs without an entry. Pure. */
export function lackingIn(lock: Lock, { binaries, images }: Needs): Needs {
  return {
    binaries: binaries.filter(({ url }) => !lock.binaries.has(url)),
    images: images.filter((image) => !lock.images.has(image)),
  };
}

/**
 * A lock with the needed entries only. An entry that `before` has stays as it was reviewed, and is not asked for again: another
 * answer would be other bytes under the same name. The same holds for what this project knows itself.
 * @throws what the publishers throw
 */
export async function makeLock(
  file: string,
  before: Lock | undefined,
  needs: Needs,
  publishers: Publishers,
): Promise<Lock> {
  const binaries = needs.binaries.map(async (binary) => {
    const { url } = binary;
    return [url, before?.binaries.get(url) ?? knownSums.get(url) ?? (await publishers.sum(binary))] as const;
  });
  const images = needs.images.map(
    async (image) =>
      [image, before?.images.get(image) ?? knownSums.get(image) ?? (await publishers.digest(image))] as const,
  );
  // All at once: a failure of one that nothing waits for yet would end the process.
  const [sums, digests] = await Promise.all([Promise.all(binaries), Promise.all(images)]);
  const known = sums.flatMap(([url, sum]) => (sum === undefined ? [] : [[url, sum] as const]));
  return { file, binaries: new Map(known), images: new Map(digests) };
}

/** One line for each entry that a new lock adds or drops. Entries that stay have no other value; see {@link makeLock}. Pure. */
export function lockChanges(before: Lock | undefined, after: Lock): readonly string[] {
  const lines = (was: ReadonlyMap<string, string>, is: ReadonlyMap<string, string>) => [
    ...[...is].filter(([name]) => !was.has(name)).map(([name, sum]) => `added ${name} ${sum}`),
    ...[...was.keys()].filter((name) => !is.has(name)).map((name) => `removed ${name}`),
  ];
  const none: ReadonlyMap<string, string> = new Map();
  return [
    ...lines(before?.binaries ?? none, after.binaries),
    ...lines(before?.images ?? none, after.images),
  ].toSorted();
}

const heading = `# The SHA-256 of each binary, and the digest of each image, that this cluster may use. Made by the plan action of
# k8s-ha-action with lock: true; review each change of this file. Anything else is refused on every host.
`;

/** The text of the file; the order of the entries depends on their names only. Pure. */
export function lockText({ binaries, images }: Lock): string {
  const sorted = (entries: ReadonlyMap<string, string>) =>
    Object.fromEntries([...entries].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return heading + stringify({ binaries: sorted(binaries), images: sorted(images) }, { lineWidth: 0 });
}
