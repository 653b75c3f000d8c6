import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { redact, redactLines } from '../../src/host/redact.ts';

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();

test('a private key is cut out of a text, and the rest stays', () => {
  expect(redact(`before\n${pem}after`)).toBe('before\n[private key removed]\nafter');
});

test('a private key that is cut off goes too', () => {
  expect(redact(`before\n${pem.slice(0, 400)}`)).toBe('before\n[private key removed]');
});

test('a lone line of a key, as a journal shows it, goes too', () => {
  const line = pem.split('\n')[3] ?? '';
  expect(redact(`etcd[5]: ${line}`)).not.toContain(line);
});

test('key data of a kubeconfig and tokens go', () => {
  const data = randomBytes(200).toString('base64');
  expect(redact(`client-key-data: ${data}`)).toBe('client-key-data: [removed]');
  expect(redact('{"token":"abcdef.0123456789abcdef"}')).not.toContain('0123456789abcdef');
});

test('what people need to read stays: paths, sums, addresses, errors', () => {
  const line =
    'cannot open /etc/kubernetes/pki/apiserver.key: sha256 950f0618c9c6dbb9946ac1a223fcfc4d613835f2890cbad863f4e94cb1f95d16 at https://10.0.0.1:2379/health';
  expect(redact(line)).toBe(line);
});

test('an error has lines without blank ones', () => {
  expect(redactLines('one\n\n  \ntwo\n')).toEqual(['one', 'two']);
});
