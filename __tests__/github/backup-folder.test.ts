import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { removeOldBackups, writeBackupFile } from '../../src/github/backup-folder.ts';
import { inPieces, whole } from '../backup/backups.ts';
import { errorOf } from '../phases/scene.ts';

let folder: string;
const name = 'k8s-ha-backup-seed_20261127T020000Z.age';
const text = Buffer.from('an age file'.repeat(5000));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'k8s-ha-backups-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a file has its name only after it was read again, and only its owner can read it', async () => {
  const place = join(folder, 'nightly');
  const bytes = await writeBackupFile(place, name, inPieces(text), async (read) => {
    expect((await whole(read())).equals(text)).toBe(true);
    expect(readdirSync(place)).toEqual([`.${name}.part`]);
  });
  expect(bytes).toBe(text.length);
  expect(readdirSync(place)).toEqual([name]);
  expect(readFileSync(join(place, name)).equals(text)).toBe(true);
  expect(statSync(join(place, name)).mode & 0o777).toBe(0o600);
});

test('a backup that fails, or is not what was written, leaves no file', async () => {
  const cut = (async function* () {
    yield text;
    throw new Error('the connection is lost');
  })();
  await expect(writeBackupFile(folder, name, cut, async () => undefined)).rejects.toThrow('the connection is lost');
  const refuse = async () => {
    throw new Error('it is damaged');
  };
  await expect(writeBackupFile(folder, name, inPieces(text), refuse)).rejects.toThrow('it is damaged');
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that cannot be written to is named, with the system’s reason', async () => {
  const file = join(folder, 'a file');
  writeFileSync(file, '');
  const error = await errorOf(() => writeBackupFile(join(file, 'x'), name, inPieces(text), async () => undefined));
  expect(error).toMatchObject({ code: 'BACKUP_UNWRITTEN' });
  expect((error as Error).message).toMatch(/a file\/x: .*ENOTDIR/);
});

test('the newest backups of the cluster stay, and all other files', async () => {
  const own = [24, 25, 26, 27].map((day) => `k8s-ha-backup-seed_202611${day}T020000Z.age`);
  const others = ['k8s-ha-backup-seed-2_20261101T020000Z.age', 'k8s-ha-backup-seed_notes.age', 'cluster.yaml'];
  const [stale, fresh] = [`.${own[0]}.part`, `.${own[3]}.part`];
  for (const each of [...own, ...others, stale, fresh]) writeFileSync(join(folder, each), '');
  const dayBefore = new Date(Date.now() - 25 * 3_600_000);
  utimesSync(join(folder, stale), dayBefore, dayBefore);
  expect(await removeOldBackups(folder, 'seed', 2, own.at(-1) ?? '')).toEqual(own.slice(0, 2));
  expect(readdirSync(folder).toSorted()).toEqual([...own.slice(2), ...others, fresh].toSorted());
  expect(await removeOldBackups(folder, 'seed', 2, own.at(-1) ?? '')).toEqual([]);
  // A clock was ahead when the others were made.
  expect(await removeOldBackups(folder, 'seed', 1, own.at(-2) ?? '')).toEqual([]);
});
