// Archives that no backup writes. Anyone can make one: the recipient is public.
import { beforeAll, expect, test } from '@jest/globals';
import { pack } from 'tar-stream';
import { openBackup } from '../../src/backup/index.ts';
import { readManifest } from '../../src/backup/manifest.ts';
import { secretsText } from '../../src/backup/secrets.ts';
import { type AgeKey, type Authorities, makeAuthorities, newIdentity } from '../../src/pki/index.ts';
import { now, problemOf } from '../pki/hosts.ts';
import { clusterFile, contentsOf, inPieces, sha256Of, whole } from './backups.ts';

let key: AgeKey;
let authorities: Authorities;
const mebibyte = 1024 * 1024;

beforeAll(async () => {
  [key, authorities] = await Promise.all([newIdentity(), makeAuthorities(now)]);
});

type Texts = readonly (readonly [name: string, text: string])[];

function usual(secrets = secretsText(authorities)): Texts {
  return [
    ['cluster.yaml', clusterFile],
    ['secrets.json', secrets],
    ['etcd.db', 'a snapshot'],
  ];
}

function manifestOf(parts: Texts, changes: object = {}): string {
  const described = parts.map(([name, text]) => ({ name, bytes: text.length, sha256: sha256Of(Buffer.from(text)) }));
  return JSON.stringify({ format: 1, ...contentsOf(authorities).manifest, parts: described, ...changes });
}

async function problemWith(manifest: string, parts: Texts) {
  const archive = pack();
  for (const [name, text] of [['manifest.json', manifest] as const, ...parts]) archive.entry({ name }, text);
  archive.finalize();
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  encrypter.addRecipient(key.recipient);
  const file = await encrypter.encrypt(await whole(archive as AsyncIterable<Uint8Array>));
  return await problemOf(async () => {
    const { snapshot } = await openBackup(inPieces(file), key.identity, { name: 'seed.age' });
    await whole(snapshot);
  });
}

test('another format has its own code; damage of the manifest has not', async () => {
  const other = await problemWith(manifestOf(usual(), { format: 2 }), usual());
  expect(other.code).toBe('BACKUP_FORMAT');
  expect(other.message).toBe('the backup seed.age has format 2, and this version reads 1');
  expect((await problemWith('{', usual())).code).toBe('BACKUP_DAMAGED');
  expect((await problemWith('{"format": 1}', usual())).code).toBe('BACKUP_DAMAGED');
});

test.each<[string, (parts: Texts) => Texts]>([
  ['a part that the manifest lacks', (parts) => [...parts, ['more', 'x']]],
  ['a missing part', (parts) => parts.slice(0, -1)],
  ['parts in another order', (parts) => [...parts].reverse()],
  ['another text than the manifest says', ([, ...rest]) => [['cluster.yaml', 'name: evil\nhosts: []\n'], ...rest]],
  ['another snapshot than the manifest says', (parts) => [...parts.slice(0, 2), ['etcd.db', 'a snapshoT']]],
  ['a longer snapshot', (parts) => [...parts.slice(0, 2), ['etcd.db', 'a snapshot of more']]],
  ['a text of more than 1 MiB', ([, ...rest]) => [['cluster.yaml', ' '.repeat(mebibyte + 1)], ...rest]],
])('%s is damage', async (_, change) => {
  expect(await problemWith(manifestOf(usual()), change(usual()))).toMatchObject({ code: 'BACKUP_DAMAGED' });
});

test('CAs that are not complete, or do not match, are refused', async () => {
  const without = { files: { '/etc/kubernetes/pki/ca.crt': authorities.kubernetes.crt } };
  const fewer = usual(JSON.stringify(without));
  expect((await problemWith(manifestOf(fewer), fewer)).code).toBe('BACKUP_DAMAGED');
  const other = await makeAuthorities(now);
  const mixed = usual(secretsText({ ...authorities, etcd: { ...authorities.etcd, key: other.etcd.key } }));
  expect((await problemWith(manifestOf(mixed), mixed)).code).toBe('AUTHORITY_BROKEN');
});

test('a manifest whose parts are twice there, out of order or unknown is invalid', () => {
  const one = { bytes: 1, sha256: 'a'.repeat(64) };
  const manifest = (...names: string[]) =>
    readManifest(manifestOf([], { parts: names.map((name) => ({ name, ...one })) })).kind;
  expect(manifest('cluster.yaml', 'secrets.json', 'etcd.db')).toBe('read');
  expect(manifest('cluster.yaml', 'cluster.lock.yaml', 'secrets.json', 'etcd.db')).toBe('read');
  expect(manifest('cluster.yaml', 'etcd.db', 'secrets.json')).toBe('invalid');
  expect(manifest('cluster.yaml', 'secrets.json', 'etcd.db', 'etcd.db')).toBe('invalid');
  expect(manifest('cluster.yaml', '../secrets.json', 'etcd.db')).toBe('invalid');
});
