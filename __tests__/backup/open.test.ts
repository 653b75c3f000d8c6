import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type OpenOptions, openBackup, openWith, sealBackup } from '../../src/backup/index.ts';
import { type AgeKey, type Authorities, makeAuthorities, newIdentity } from '../../src/pki/index.ts';
import { now, problemOf } from '../pki/hosts.ts';
import { clusterFile, contentsOf, inPieces, sealed, sha256Of, whole } from './backups.ts';

let key: AgeKey;
let second: AgeKey;
let authorities: Authorities;
let file: Buffer;
const snapshot = Buffer.from('a snapshot'.repeat(20_000));

beforeAll(async () => {
  [key, second, authorities] = await Promise.all([newIdentity(), newIdentity(), makeAuthorities(now)]);
  file = await sealed(contentsOf(authorities), [key.recipient, second.recipient]);
});

async function opened(bytes: Uint8Array, identity = key.identity, options: Partial<OpenOptions> = {}) {
  const backup = await openBackup(inPieces(bytes), identity, { name: 'seed.age', ...options });
  return { ...backup, snapshot: await whole(backup.snapshot) };
}

async function codeOf(bytes: Uint8Array, identity?: string, options?: Partial<OpenOptions>): Promise<string> {
  return (await problemOf(() => opened(bytes, identity, options))).code;
}

test('each recipient’s key opens it: the same texts, CAs and snapshot, and the manifest describes them', async () => {
  for (const { identity } of [key, second]) {
    const backup = await opened(file, identity, { cluster: 'seed' });
    expect(backup).toMatchObject({ clusterFile, lockFile: undefined, authorities });
    expect(backup.snapshot.equals(snapshot)).toBe(true);
    expect(backup.manifest).toMatchObject({ format: 1, ...contentsOf(authorities).manifest });
    expect(backup.manifest.parts.map(({ name }) => name)).toEqual(['cluster.yaml', 'secrets.json', 'etcd.db']);
    expect(backup.manifest.parts.at(-1)).toEqual({ name: 'etcd.db', bytes: 200_000, sha256: sha256Of(snapshot) });
  }
});

test('the lock file is in it where there is one', async () => {
  const locked = await sealed({ ...contentsOf(authorities), lockFile: 'files: {}\n' }, [key.recipient]);
  expect(await opened(locked)).toMatchObject({ lockFile: 'files: {}\n' });
});

test('it is plain age around a plain tar archive, which tar lists with its modes', async () => {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addIdentity(key.identity);
  const listing = execFileSync('tar', ['--list', '--verbose', '--file=-'], { input: await decrypter.decrypt(file) });
  const lines = listing.toString().trim().split('\n');
  expect(lines.map((line) => line.split(/\s+/).at(-1))).toEqual([
    ...['manifest.json', 'cluster.yaml', 'secrets.json', 'etcd.db'],
  ]);
  for (const line of lines) expect(line).toMatch(/^-rw------- (0\/0|root\/root) /);
});

test('nothing secret is readable in it', () => {
  for (const text of ['PRIVATE KEY', 'cluster.yaml', 'a snapshot', 'seed']) expect(file.includes(text)).toBe(false);
});

test('cut off anywhere, it is reported as truncated', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: file.length - 1 }), async (length) => {
      expect(await codeOf(file.subarray(0, length))).toBe('BACKUP_TRUNCATED');
    }),
    { examples: [[0], [10], [file.length - 1], [file.indexOf('\n---') + 70]], numRuns: 30 },
  );
});

test('changed in any byte, it is refused; changed after its header, it is reported as damaged', async () => {
  const header = file.indexOf('\n---');
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: file.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const changed = Uint8Array.from(file);
      changed[at] = (changed[at] ?? 0) ^ flip;
      expect(await codeOf(changed)).toMatch(at > header + 60 ? /^BACKUP_DAMAGED$/ : /^BACKUP_/);
    }),
    { numRuns: 30 },
  );
  expect(await codeOf(Buffer.concat([file, Buffer.from([0])]))).toBe('BACKUP_DAMAGED');
});

test('another file, another key and another cluster each have their own code', async () => {
  expect(await codeOf(Buffer.from('PK\u0003\u0004 a zip'))).toBe('BACKUP_NOT_AGE');
  expect(await codeOf(file, (await newIdentity()).identity)).toBe('BACKUP_OTHER_KEY');
  expect(await codeOf(file, 'no key')).toBe('IDENTITY_INVALID');
  const other = await problemOf(() => opened(file, key.identity, { cluster: 'home' }));
  expect(other).toMatchObject({ code: 'BACKUP_OTHER_CLUSTER' });
  expect(other.message).toBe('the backup seed.age is of the cluster seed, not home');
});

test('the key’s problem names the backups’ key, and does not quote it', async () => {
  const problem = await problemOf(() => opened(file, key.identity.slice(0, -2)));
  expect(problem.message).toBe('the backups’ key contains a damaged age identity');
});

test('what was written is read again without a recipient’s key, and no other file is', async () => {
  const { data, witness } = await sealBackup(contentsOf(authorities), [key.recipient]);
  const written = await whole(data);
  const again = await openWith(inPieces(written), witness, { name: 'seed.age' });
  expect((await whole(again.snapshot)).equals(snapshot)).toBe(true);
  const other = await problemOf(() => openWith(inPieces(file), witness, { name: 'other.age' }));
  expect(other.code).toBe('BACKUP_DAMAGED');
});

test('a snapshot that arrives otherwise than it was hashed is no backup', async () => {
  const contents = contentsOf(authorities);
  for (const bytes of [snapshot.subarray(1), Buffer.concat([snapshot, snapshot]), Buffer.alloc(snapshot.length)]) {
    const differing = { ...contents, snapshot: { ...contents.snapshot, data: inPieces(bytes) } };
    expect(await problemOf(() => sealed(differing, [key.recipient]))).toMatchObject({ code: 'BACKUP_DIFFERS' });
  }
});

test('a failed source fails the backup with its own error', async () => {
  const contents = contentsOf(authorities);
  const cut = (async function* () {
    yield snapshot.subarray(0, 5);
    throw new Error('the connection is lost');
  })();
  const failing = { ...contents, snapshot: { ...contents.snapshot, data: cut } };
  await expect(sealed(failing, [key.recipient])).rejects.toThrow('the connection is lost');
});

test('a mistyped recipient is refused, before anything is read', async () => {
  const typo = `${key.recipient.slice(0, -1)}${key.recipient.endsWith('q') ? 'p' : 'q'}`;
  const problem = await problemOf(() => sealBackup(contentsOf(authorities), [key.recipient, typo]));
  expect(problem).toMatchObject({ code: 'BACKUP_RECIPIENT' });
  expect(problem.message).toContain(typo);
});
