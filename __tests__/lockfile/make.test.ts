import { expect, test } from '@jest/globals';
import { needsOf as clusterNeeds } from '../../src/components/needs.ts';
import { knownSums } from '../../src/lockfile/known.ts';
import { lockedDigest, lockedSum } from '../../src/lockfile/locked.ts';
import { lackingIn, lockChanges, lockText, makeLock, type Needs } from '../../src/lockfile/make.ts';
import { seedCluster } from '../fixtures/clusters.ts';

const needed = (name: string) => ({ url: `https://files.test/${name}`, sumUrl: `https://files.test/${name}.sha256` });
const needsOf = (...names: readonly string[]): Needs => ({
  binaries: names.map(needed),
  images: names.map((name) => `registry.test/${name}:1`),
});
/** Publishers whose answers begin with a letter of their own, and what they were asked. */
function publishers(letter: string) {
  const asked: string[] = [];
  const answer = (name: string) => {
    asked.push(name);
    return letter.repeat(64);
  };
  return {
    asked,
    sum: async ({ sumUrl }: { sumUrl: string }) => answer(sumUrl),
    digest: async (image: string) => `sha256:${answer(image)}`,
  };
}

test('Entries that were reviewed stay, also when the publisher states another sum; others are asked for or dropped', async () => {
  const before = await makeLock('cluster.lock.yaml', undefined, needsOf('old', 'kept'), publishers('a'));
  const later = publishers('b');
  const after = await makeLock('cluster.lock.yaml', before, needsOf('kept', 'new'), later);
  expect(later.asked).toEqual(['https://files.test/new.sha256', 'registry.test/new:1']);
  expect(after.binaries.get('https://files.test/kept')).toBe('a'.repeat(64));
  expect(lockChanges(before, after)).toEqual([
    `added https://files.test/new ${'b'.repeat(64)}`,
    `added registry.test/new:1 sha256:${'b'.repeat(64)}`,
    'removed https://files.test/old',
    'removed registry.test/old:1',
  ]);
  expect(lockChanges(after, after)).toEqual([]);
});

test('The text depends on the entries, and on no order', async () => {
  const one = await makeLock('', undefined, needsOf('b', 'a', 'c'), publishers('a'));
  const other = await makeLock('', undefined, needsOf('c', 'b', 'a'), publishers('a'));
  expect(lockText(one)).toBe(lockText(other));
  expect(lockText(one).split('\n').slice(2, 5)).toEqual([
    'binaries:',
    `  https://files.test/a: ${'a'.repeat(64)}`,
    `  https://files.test/b: ${'a'.repeat(64)}`,
  ]);
});

test('What a lock lacks is found, and is never used', async () => {
  const lock = await makeLock('cluster.lock.yaml', undefined, needsOf('a'), publishers('a'));
  expect(lackingIn(lock, needsOf('a', 'b'))).toEqual(needsOf('b'));
  expect(lockedSum({ lock }, 'https://files.test/a')).toBe('a'.repeat(64));
  expect(() => lockedSum({ lock }, 'https://files.test/b')).toThrow(/no entry for https:\/\/files.test\/b/);
  expect(() => lockedDigest({ lock }, 'registry.test/b:1')).toThrow(/no entry for registry.test\/b:1/);
  expect(lockedSum({}, 'https://files.test/b')).toBeUndefined();
});

test('A registry that fails is an error at once, also while a sum is awaited', async () => {
  const never = new Promise<string>(() => {});
  const failing = { sum: () => never, digest: () => Promise.reject(new Error('no such image')) };
  await expect(makeLock('', undefined, needsOf('a'), failing)).rejects.toThrow('no such image');
});

test('What this project knows itself is for the default versions, and no publisher is asked for it', async () => {
  const needs = clusterNeeds(seedCluster());
  const needed = new Set([...needs.binaries.map(({ url }) => url), ...needs.images]);
  expect([...knownSums.keys()].filter((name) => !needed.has(name))).toEqual([]);
  const asked = publishers('a');
  const { binaries, images } = await makeLock('', undefined, needs, asked);
  for (const [name, sum] of knownSums) expect(binaries.get(name) ?? images.get(name)).toBe(sum);
  expect(asked.asked).toHaveLength(needed.size - knownSums.size);
});
