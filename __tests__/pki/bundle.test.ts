import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type AgeKey,
  type Authorities,
  authorityFiles,
  checkBundleFresh,
  type HostSecrets,
  issue,
  makeAuthorities,
  newIdentity,
  openBundle,
  readIdentity,
  sealBundle,
  seenFingerprints,
} from '../../src/pki/index.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { contents, now, problemOf } from './hosts.ts';

const meta = { sealedAt: now, run: '4711' };
const expected = { cluster: 'seed', host: 'node-1' };
let key: AgeKey;
let authorities: Authorities;
let hosts: ReadonlyMap<string, HostSecrets>;
let node: HostSecrets;
let sealed: Uint8Array;

beforeAll(async () => {
  [key, authorities] = await Promise.all([newIdentity(), makeAuthorities(now)]);
  hosts = (await issue(seedCluster(), authorities, new Map(), now)).secrets;
  node = secretsOf('node-1');
  sealed = await sealBundle(node, key.recipient, meta);
});

test('a decrypted bundle has the encrypted content, and when it was encrypted', async () => {
  const sealedAt = now.toISOString();
  expect(await openBundle(sealed, key.identity, expected)).toEqual({ ...node, sealedAt });
  const master = await sealBundle(secretsOf('master-1'), key.recipient, meta);
  expect(await openBundle(master, key.identity, { ...expected, host: 'master-1' })).toEqual({
    ...secretsOf('master-1'),
    sealedAt,
  });
});

test('it is plain age around JSON, with the time and the run that made it', async () => {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addIdentity(key.identity);
  const content = JSON.parse(await decrypter.decrypt(sealed, 'text'));
  expect(content).toMatchObject({
    format: 'k8s-ha-action/bundle/v1',
    sealedAt: now.toISOString(),
    run: '4711',
    host: 'node-1',
  });
});

test('a bundle that was encrypted manually is accepted too', async () => {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  encrypter.addRecipient(key.recipient);
  const byHand = await encrypter.encrypt(JSON.stringify({ format: 'k8s-ha-action/bundle/v1', ...node }));
  expect(await openBundle(byHand, key.identity, expected)).toEqual(node);
});

test('cut off anywhere, it is reported as truncated', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: sealed.length - 1 }), async (length) => {
      expect(await codeOf(sealed.subarray(0, length))).toBe('BUNDLE_TRUNCATED');
    }),
  );
});

test('changed in any byte, it is refused; changed after its header, it is reported as tampered with', async () => {
  const header = Buffer.from(sealed).indexOf('\n---');
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: sealed.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const changed = sealed.slice();
      changed[at] = (changed[at] ?? 0) ^ flip;
      const code = await codeOf(changed);
      expect(code).toMatch(at > header + 60 ? /^BUNDLE_TAMPERED$/ : /^BUNDLE_/);
    }),
  );
  expect(await codeOf(new Uint8Array([...sealed, 0]))).toBe('BUNDLE_TAMPERED');
});

test.each([
  ['a file that is not age', () => Buffer.from('PK\u0003\u0004'), 'BUNDLE_NOT_AGE'],
  ['an empty file', () => new Uint8Array(), 'BUNDLE_TRUNCATED'],
])('%s is refused', async (_, bytes, code) => expect(await codeOf(bytes())).toBe(code));

test('a bundle for another key, cluster or host is refused, each with its own message', async () => {
  expect(await codeOf(await sealBundle(node, (await newIdentity()).recipient, meta))).toBe('BUNDLE_OTHER_KEY');
  expect(await codeOf(await sealBundle({ ...node, cluster: 'lab' }, key.recipient, meta))).toBe('BUNDLE_OTHER_CLUSTER');
  expect(await codeOf(await sealBundle(secretsOf('etcd-1'), key.recipient, meta))).toBe('BUNDLE_OTHER_HOST');
});

test('a bundle that names any other file is refused', async () => {
  const file = { path: '/etc/sudoers.d/x', content: '', mode: '600', owner: 'root:root', secret: false };
  expect(await codeOf(await sealBundle({ ...node, files: [file] }, key.recipient, meta))).toBe('BUNDLE_UNREADABLE');
});

test('a bundle of other CAs than the hosts have now is stale', async () => {
  const newer = await makeAuthorities(now);
  const onMaster = (which: Authorities) => contents(authorityFiles(which));
  expect(() => checkBundleFresh(node, onMaster(authorities))).not.toThrow();
  expect(() => checkBundleFresh(node, new Map())).not.toThrow();
  expect((await problemOf(() => checkBundleFresh(node, onMaster(newer)))).code).toBe('BUNDLE_STALE');
});

test.each(['master-1', 'etcd-1', 'node-1'])('%s’s own files show its CAs', (name) => {
  const seen = seenFingerprints(contents(secretsOf(name).files));
  expect(Object.keys(seen).length).toBeGreaterThan(0);
  expect(node.authorities).toMatchObject(seen);
});

test('the key is read from its line alone and from the file of age-keygen', async () => {
  const file = `# created: 2026-11-23T12:00:00Z\n# public key: ${key.recipient}\n${key.identity}\n`;
  expect(await readIdentity(file)).toEqual(key);
  expect(await readIdentity(`  ${key.identity}\r\n`)).toEqual(key);
});

test.each([
  ['nothing', () => ''],
  ['a recipient', () => key.recipient],
  ['a damaged key', () => key.identity.slice(0, -3)],
  ['two keys', () => `${key.identity}\n${key.identity}`],
])('%s is not a key, and the problem does not quote it', async (_, secret) => {
  const problem = await problemOf(() => readIdentity(secret()));
  expect(problem.code).toBe('IDENTITY_INVALID');
  expect(JSON.stringify(problem.fields) + problem.message).not.toContain(key.identity.slice(17, 40));
});

function secretsOf(name: string): HostSecrets {
  const secrets = hosts.get(name);
  if (!secrets) throw new Error(name);
  return secrets;
}

async function codeOf(bytes: Uint8Array): Promise<string> {
  return (await problemOf(() => openBundle(bytes, key.identity, expected))).code;
}

test('a bundle that no pki job can have made is refused: too large, too many files, too long a file', async () => {
  const [first] = node.files;
  if (!first) throw new Error('a bundle has files');
  const code = async (secrets: HostSecrets) =>
    await openBundle(await sealBundle(secrets, key.recipient, meta), key.identity, expected).catch(
      (error) => error.code,
    );
  expect(await code({ ...node, files: Array.from({ length: 101 }, () => first) })).toBe('BUNDLE_UNREADABLE');
  expect(await code({ ...node, files: [{ ...first, content: 'x'.repeat(1024 * 1024 + 1) }] })).toBe(
    'BUNDLE_UNREADABLE',
  );
  const large = new Uint8Array(4 * 1024 * 1024 + 1);
  await expect(openBundle(large, key.identity, expected)).rejects.toMatchObject({
    code: 'BUNDLE_UNREADABLE',
    message: expect.stringContaining('more than 4 MiB'),
  });
});
