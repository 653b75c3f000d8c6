import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signedHeaders } from '../../../src/github/s3-signature.ts';
import { keepInS3, type S3Place } from '../../../src/github/s3-store.ts';
import { linesOf } from '../../github/workflow-commands.ts';
import { errorOf } from '../../phases/scene.ts';
import { scratchFolder } from '../scratch.ts';
import { type S3Server, startS3, storedIn } from './server.ts';

let folder: AsyncDisposable & { path: string };
let server: S3Server;
let place: S3Place;

beforeAll(async () => {
  server = await startS3('backups');
  folder = await scratchFolder();
  place = { origin: server.origin, bucket: 'backups', prefix: 'clusters/home/', region: 'eu-1', ...server.keys };
}, 300_000);

afterAll(async () => {
  server?.stop();
  await folder?.[Symbol.asyncDispose]();
});

const nameOf = (day: number, cluster = 'seed') => `k8s-ha-backup-${cluster}_202611${day}T021700Z.age`;

/** A file with so many bytes. */
function fileOf(name: string, bytes: number) {
  const path = join(folder.path, name);
  writeFileSync(path, Buffer.alloc(bytes, name));
  return { name, path, bytes };
}

const keep = async (name: string, newest = 3, at = place) =>
  await keepInS3(at, fileOf(name, 3_000_000), { cluster: 'seed', keep: newest });

/** Puts another file there, without the code under test. */
async function put(key: string, body: string): Promise<void> {
  const url = new URL(`${place.origin}/backups/${key}`);
  const sha256 = createHash('sha256').update(body).digest('hex');
  const { host: _, ...headers } = signedHeaders({ method: 'PUT', url, sha256 }, place, new Date());
  expect((await fetch(url, { method: 'PUT', headers, body })).status).toBe(200);
}

const stored = async (key: string) => await storedIn(place, key);

test('a file arrives byte for byte, and only the newest backups of the cluster stay', async () => {
  expect(await keepInS3({ ...place, prefix: '' }, fileOf(nameOf(10), 9), { cluster: 'seed', keep: 3 })).toEqual([]);
  await keepInS3(place, fileOf(nameOf(11, 'other'), 9), { cluster: 'other', keep: 3 });
  await put('clusters/home/notes.txt', 'our notes');
  for (const day of [20, 21, 22]) expect(await keep(nameOf(day))).toEqual([]);
  expect(await keep(nameOf(23))).toEqual([nameOf(20)]);
  expect(await stored(`clusters/home/${nameOf(20)}`)).toBe(404);
  expect(await stored(`clusters/home/${nameOf(23)}`)).toEqual(Buffer.alloc(3_000_000, nameOf(23)));
  for (const key of [nameOf(10), `clusters/home/${nameOf(11, 'other')}`, 'clusters/home/notes.txt'])
    expect(await stored(key)).toHaveLength(9);
}, 240_000);

test('the new one stays, also if others seem to be newer', async () => {
  expect(await keep(nameOf(12), 2)).toEqual([nameOf(21)]);
  expect(await stored(`clusters/home/${nameOf(12)}`)).toHaveLength(3_000_000);
});

test('a wrong key and a bucket that is not there are refused, without the secret in the message', async () => {
  const other = { ...place, secretAccessKey: 'another-secret' };
  const error = await errorOf(() => keep(nameOf(24), 3, other));
  expect(error).toMatchObject({ code: 'BACKUP_UNWRITTEN', message: expect.stringContaining('403') });
  expect(String(error)).not.toContain('another-secret');
  expect(await errorOf(() => keep(nameOf(24), 3, { ...place, bucket: 'none' }))).toMatchObject({
    code: 'BACKUP_UNWRITTEN',
    message: expect.stringContaining('404'),
  });
  expect(await stored(`clusters/home/${nameOf(24)}`)).toBe(404);
});

test('an address where something else answers everything with success has no backup', async () => {
  const page = createServer((request, response) => request.resume().on('end', () => response.end('<html></html>')));
  page.on('checkContinue', (request, response) => {
    response.writeContinue();
    page.emit('request', request, response);
  });
  await once(page.listen(0, '127.0.0.1'), 'listening');
  try {
    const { port } = page.address() as AddressInfo;
    const elsewhere = { ...place, origin: `http://127.0.0.1:${port}` };
    expect(await errorOf(() => keep(nameOf(26), 3, elsewhere))).toMatchObject({
      code: 'BACKUP_UNWRITTEN',
      message: expect.stringContaining('does not list'),
    });
  } finally {
    page.close();
  }
});

test('a file that is cut while it is sent leaves no backup in the bucket', async () => {
  const file = fileOf(nameOf(25), 4_000_000);
  truncateSync(file.path, 1_000_000);
  const lines = await linesOf(async () => {
    expect(await errorOf(() => keepInS3(place, file, { cluster: 'seed', keep: 3 }))).toMatchObject({
      code: 'BACKUP_UNWRITTEN',
    });
  });
  expect(lines).toEqual([]);
  expect(await stored(`clusters/home/${nameOf(25)}`)).toBe(404);
}, 120_000);
