import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import { normalPrivateKey } from '../../src/host/private-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-key-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The public key that OpenSSH reads from a private one. */
function publicKeyOf(key: string): string {
  const file = join(folder, 'key');
  writeFileSync(file, key, { mode: 0o600 });
  return execFileSync('ssh-keygen', ['-y', '-f', file]).toString().split(' ').slice(0, 2).join(' ').trim();
}

function made(type: string, passphrase = ''): string {
  const file = join(folder, `${type}-${passphrase}`);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', file]);
  return readFileSync(file, 'utf8');
}

function problemOf(key: string): Problem {
  try {
    normalPrivateKey(key);
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('the key was taken');
}

test('a key of ssh-keygen is unchanged', () => {
  const key = made('ed25519');
  expect(normalPrivateKey(key)).toBe(key);
});

test('line ends of Windows and a missing last one are fixed', () => {
  const key = made('rsa');
  expect(normalPrivateKey(`\n${key.trimEnd().replaceAll('\n', '\r\n')}`)).toBe(key);
});

test.each(['rsa', 'ec', 'ed25519'] as const)(
  'a PKCS#8 key of the kind %s becomes one that OpenSSH reads as the same key',
  (kind) => {
    const { privateKey } =
      kind === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : kind === 'ec'
          ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
          : generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const normal = normalPrivateKey(pem);
    expect(normal).not.toContain('BEGIN PRIVATE KEY');
    const pairs = { rsa: 'ssh-rsa', ec: 'ecdsa-sha2-nistp256', ed25519: 'ssh-ed25519' };
    expect(publicKeyOf(normal)).toMatch(new RegExp(`^${pairs[kind]} AAAA`));
    if (kind === 'ed25519')
      expect(publicKeyOf(normal)).toContain(ed25519Public(privateKey.export({ format: 'jwk' }).x ?? ''));
  },
);

/** The end of the public line, which is the key itself. */
function ed25519Public(x: string): string {
  const prefix = Buffer.from('0000000b7373682d6564323535313900000020', 'hex');
  return Buffer.concat([prefix, Buffer.from(x, 'base64url')]).toString('base64');
}

test.each([
  ['a public key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me', 'public key'],
  ['a PuTTY key', 'PuTTY-User-Key-File-3: ssh-ed25519', 'PuTTY'],
  ['nothing', ' \n', 'empty'],
  [
    'a key on one line',
    '-----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1rZXkt -----END OPENSSH PRIVATE KEY-----',
    'line breaks',
  ],
  ['a damaged key', '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----', 'damaged'],
  [
    'a PKCS#8 key with a passphrase',
    '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIEvQIBADAN\n-----END ENCRYPTED PRIVATE KEY-----',
    'passphrase',
  ],
])('%s is refused with a description, and never quoted', (_, key, why) => {
  const problem = problemOf(key);
  expect(problem.code).toBe('SSH_KEY_INVALID');
  expect(problem.message).toContain(why);
  expect(problem.message).not.toMatch(/b3BlbnNz|MIIEv|AAAAC3/);
});
