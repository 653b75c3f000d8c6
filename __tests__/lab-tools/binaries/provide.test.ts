import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { cacheFolder, provideBinaries } from '../../../lab/binaries/index.ts';
import { startMirror } from '../../../lab/mirror/mirror.ts';
import { scratchFolder } from '../scratch.ts';

const file = 'dl.k8s.io/v1.37.2/bin/linux/amd64/kubectl';
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const path = process.env.PATH;

afterEach(() => {
  process.env.PATH = path;
});

/** A server with one file and its checksum, in place of dl.k8s.io. */
async function official(root: string, sum: string) {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), 'abc');
  await writeFile(join(root, `${file}.sha256`), sum);
  const server = await startMirror({ root, host: '127.0.0.1', port: 0 });
  return { origin: `http://127.0.0.1:${server.port}/`, [Symbol.asyncDispose]: () => server.close() };
}

test('a reachable official place is preferred, and asked only once', async () => {
  await using folder = await scratchFolder();
  await using place = await official(join(folder.path, 'official'), abc);
  const lines: string[] = [];
  const cache = join(folder.path, 'cache');
  const options = { cache, kubernetesVersion: 'v1.37.2', only: ['kubectl'], origin: place.origin };
  await provideBinaries({ ...options, log: (line) => lines.push(line) });
  expect(await readFile(join(cache, 'mirror', file), 'utf8')).toBe('abc');
  expect(await readFile(join(cache, 'mirror', `${file}.sha256`), 'utf8')).toBe(abc);
  expect(lines).toEqual(['downloading kubectl v1.37.2 …', expect.stringContaining('kubectl v1.37.2 done in')]);
  await provideBinaries({ ...options, log: (line) => lines.push(line) });
  expect(lines).toHaveLength(2);
});

test('an official file with a wrong checksum is refused and deleted', async () => {
  await using folder = await scratchFolder();
  await using place = await official(join(folder.path, 'official'), 'f'.repeat(64));
  const cache = join(folder.path, 'cache');
  const options = { cache, kubernetesVersion: 'v1.37.2', only: ['kubectl'], origin: place.origin, log: () => {} };
  await expect(provideBinaries(options)).rejects.toThrow('failed to verify dl.k8s.io');
  expect(await readdir(cache)).toEqual(['build']);
  expect(await readdir(join(cache, 'build'))).toEqual([]);
});

test('offline and without Go, the error names the version and the fix', async () => {
  await using folder = await scratchFolder();
  process.env.PATH = folder.path;
  const options = { cache: folder.path, kubernetesVersion: 'v1.37.2', only: ['kubectl'], log: () => {} };
  const provided = provideBinaries({ ...options, origin: 'http://127.0.0.1:9/' });
  await expect(provided).rejects.toThrow(/needs Go 1\.\d+\.\d+ or newer on PATH.*K8S_HA_LAB_CACHE/);
});

test('the cache is outside of the checkout, and can be moved', () => {
  expect(cacheFolder({ K8S_HA_LAB_CACHE: '/big/disk' })).toBe('/big/disk');
  expect(cacheFolder({ XDG_CACHE_HOME: '/xdg' })).toBe('/xdg/k8s-ha-action');
  expect(cacheFolder({})).toMatch(/\/\.cache\/k8s-ha-action$/);
});
