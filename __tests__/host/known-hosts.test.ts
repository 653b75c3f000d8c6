import { createHmac, randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import {
  checkHostKey,
  fingerprint,
  keyType,
  knownHostsLine,
  knownTypes,
  parseKnownHosts,
} from '../../src/host/known-hosts.ts';

const field = (bytes: Buffer | string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.from(bytes).length);
  return Buffer.concat([length, Buffer.from(bytes)]);
};
const newKey = (type = 'ssh-ed25519') => Buffer.concat([field(type), field(randomBytes(32))]);
const [one, two] = [newKey(), newKey()];
const line = (names: string, key: Buffer) => `${names} ${keyType(key)} ${key.toString('base64')} comment`;

/** The result of the check: the code of its problem, or `known`. */
function verdict(text: string, address: string, port = 22, key = one): string {
  try {
    checkHostKey(parseKnownHosts(text), address, port, key);
    return 'known';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

test('a host is known by its address, by one of several names, and with its port in brackets', () => {
  expect(verdict(line('10.0.0.1', one), '10.0.0.1')).toBe('known');
  expect(verdict(line('master-1,10.0.0.1', one), '10.0.0.1')).toBe('known');
  expect(verdict(line('[10.0.0.1]:2222', one), '10.0.0.1', 2222)).toBe('known');
  expect(verdict(line('[10.0.0.1]:22', one), '10.0.0.1')).toBe('known');
  expect(verdict(line('HOST.example', one), 'host.EXAMPLE')).toBe('known');
});

test('a key for port 22 is not valid for another port', () => {
  expect(verdict(line('10.0.0.1', one), '10.0.0.1', 2222)).toBe('HOST_KEY_UNKNOWN');
});

test('wildcards match, a dot is only a dot, and a negated pattern excludes its line', () => {
  expect(verdict(line('10.0.0.*', one), '10.0.0.77')).toBe('known');
  expect(verdict(line('10.0.0.?', one), '10.0.0.77')).toBe('HOST_KEY_UNKNOWN');
  expect(verdict(line('10.0.0.1', one), '10a0b0c1')).toBe('HOST_KEY_UNKNOWN');
  expect(verdict(line('10.0.0.*,!10.0.0.7', one), '10.0.0.7')).toBe('HOST_KEY_UNKNOWN');
  expect(verdict(line('!10.0.0.7,10.0.0.*', one), '10.0.0.8')).toBe('known');
});

test('hashed names match as ssh-keygen -H makes them', () => {
  const hashed = (name: string) => {
    const salt = randomBytes(20);
    return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
  };
  expect(verdict(line(hashed('10.0.0.1'), one), '10.0.0.1')).toBe('known');
  expect(verdict(line(hashed('[10.0.0.1]:2222'), one), '10.0.0.1', 2222)).toBe('known');
  expect(verdict(line(hashed('10.0.0.2'), one), '10.0.0.1')).toBe('HOST_KEY_UNKNOWN');
});

test('a key that differs from the known one is a changed key, and the problem names both fingerprints', () => {
  expect(verdict(line('10.0.0.1', two), '10.0.0.1')).toBe('HOST_KEY_CHANGED');
  const check = () => checkHostKey(parseKnownHosts(line('10.0.0.1', two)), '10.0.0.1', 22, one);
  expect(check).toThrow(fingerprint(one));
  expect(check).toThrow(fingerprint(two));
});

test('a host may have several keys', () => {
  expect(verdict(`${line('10.0.0.1', two)}\n${line('10.0.0.1', one)}`, '10.0.0.1')).toBe('known');
});

test('a revoked key is refused even if another line lists it', () => {
  const text = `${line('10.0.0.1', one)}\n@revoked ${line('*', one)}`;
  expect(verdict(text, '10.0.0.1')).toBe('HOST_KEY_REVOKED');
  expect(verdict(text, '10.0.0.1', 22, two)).toBe('HOST_KEY_CHANGED');
});

test('certificate authorities accept nothing, and the hint says so', () => {
  const text = `@cert-authority ${line('*', one)}`;
  expect(verdict(text, '10.0.0.1')).toBe('HOST_KEY_UNKNOWN');
  try {
    checkHostKey(parseKnownHosts(text), '10.0.0.1', 22, one);
  } catch (error) {
    expect(error instanceof Problem && error.fields.hint).toContain('@cert-authority');
  }
});

test('comments, blank and broken lines are ignored', () => {
  const text = `# comment\r\n\r\nnonsense\n10.0.0.1 ssh-ed25519 AAAA\n@other ${line('10.0.0.1', one)}\n`;
  expect(parseKnownHosts(text)).toEqual([]);
  expect(verdict(`${text}${line('10.0.0.1', one)}\r\n`, '10.0.0.1')).toBe('known');
});

test('the line in the hint makes the host known', () => {
  for (const port of [22, 2222]) expect(verdict(knownHostsLine('10.0.0.1', port, one), '10.0.0.1', port)).toBe('known');
});

test('the known key types of a host are listed, so that the server is asked for these', () => {
  const rsa = newKey('ssh-rsa');
  const text = `${line('10.0.0.1', rsa)}\n${line('10.0.0.2', one)}\n@revoked ${line('10.0.0.1', one)}`;
  expect(knownTypes(parseKnownHosts(text), '10.0.0.1', 22)).toEqual(['ssh-rsa']);
});

test('a fingerprint is equal to the one of ssh-keygen', () => {
  // From `ssh-keygen -lf` of this very key.
  const key = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl', 'base64');
  expect(fingerprint(key)).toBe('SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU');
});
