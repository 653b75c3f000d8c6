import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { redact, redactLines } from '../../src/host/redact.ts';
import { growth, hostileText, repeated, unseen } from '../hostile-text.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pem = rsa.export({ type: 'pkcs1', format: 'pem' }).toString();
const sec1 = ec.export({ type: 'sec1', format: 'pem' }).toString();
const locked = rsa.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open' }).toString();
const base64 = (text: string) => Buffer.from(text).toString('base64');
const wrapped = (text: string, width: number) => text.match(new RegExp(`.{1,${width}}`, 'g'))?.join('\n') ?? '';
const behind = (prefix: string, text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `${prefix}${line}\n`)
    .join('');
const bodyOf = (key: string) => key.split('\n').filter((line) => line !== '' && !/^-----|: /.test(line));
const certificate = `-----BEGIN CERTIFICATE-----\n${wrapped(randomBytes(700).toString('base64'), 64)}\n-----END CERTIFICATE-----\n`;
const jwt = `eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.${base64('{"iss":"kubernetes/serviceaccount"}').replaceAll('=', '')}.${randomBytes(256).toString('base64url')}`;

describe('A private key', () => {
  test.each([
    ['PKCS#1', pem],
    ['SEC 1', sec1],
    ['encrypted PKCS#1', locked],
  ])('of %s is removed, and the rest stays', (_, key) => {
    expect(redact(`before\n${key}after`)).toBe('before\n[private key removed]\nafter');
  });

  test('that is cut off is removed too', () => {
    expect(redact(`before\n${pem.slice(0, 400)}`)).toBe('before\n[private key removed]');
    expect(redact(`before\n${pem.slice(0, 400)}\nafter: all is well`)).toBe(
      'before\n[private key removed]\nafter: all is well',
    );
  });

  test('whose beginning is cut off is removed too, with its short last line', () => {
    expect(redact(`before it\n${sec1.split('\n').slice(2).join('\n')}after it`)).toBe(
      'before it\n[private key removed]\nafter it',
    );
  });

  test.each(['Nov 26 18:00:00 one etcd[812]: ', 'kube-apiserver[7]:   ', '  > '])(
    'line by line behind %j goes',
    (prefix) => {
      const text = redact(`${prefix}begin\n${behind(prefix, pem)}${prefix}end`);
      expect(text.split('\n')).toEqual([`${prefix}begin`, `${prefix}[private key removed]`, `${prefix}end`]);
    },
  );

  test('of which a journal shows a single line is removed', () => {
    for (const line of bodyOf(pem).slice(0, -1)) expect(redact(`etcd[5]: ${line}`)).toBe('etcd[5]: [removed]');
  });

  test('on one line with escaped line ends is removed', () => {
    const text = redact(JSON.stringify({ level: 'error', msg: `bad key ${sec1} here`, code: 3 }));
    expect(text).toBe('{"level":"error","msg":"bad key [private key removed]\\n here","code":3}');
  });

  test('in base64 is removed, on one line or wrapped, with its short last line', () => {
    expect(redact(`key: ${base64(sec1)} x`)).toBe('key: [removed] x');
    for (const width of [60, 64, 76]) {
      const text = redact(`before it\n${wrapped(base64(pem), width)}\nafter it`);
      expect(new Set(text.split('\n'))).toEqual(new Set(['before it', '[removed]', 'after it']));
    }
  });

  test('leaves none of its lines, for any text around it', () => {
    fc.assert(
      fc.property(hostileText, hostileText, fc.constantFrom(pem, sec1, base64(sec1)), (before, after, key) => {
        const text = redact(`${before}\n${key}\n${after}`);
        const lines = key.includes('-----') ? bodyOf(key) : [key];
        expect(lines.filter((line) => text.includes(line))).toEqual([]);
      }),
    );
  });
});

describe.each([
  ['a JSON Web Token', jwt],
  ['an age identity', 'AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQS'],
  ['an age identity of a plugin', 'AGE-PLUGIN-YUBIKEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQS'],
  ['a post-quantum age identity', 'AGE-SECRET-KEY-PQ-1QYQSZQGPQYQSZQGPQYQSZQGPQYQS'],
  ['an age identity in small letters', 'age-secret-key-1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs'],
  ['a bootstrap token', 'abcdef.0123456789abcdef'],
  ['a token of GitHub', `ghp_${'aB3'.repeat(12)}`],
  ['a token of a workflow', `ghs_${'aB3'.repeat(12)}`],
  ['a fine-grained token of GitHub', `github_pat_11ABCDEFG0${'aB3'.repeat(10)}_${'xY9'.repeat(19)}`],
])('%s', (_, secret) => {
  test.each([
    (word: string) => word,
    (word: string) => `x ${word} y`,
    (word: string) => `"${word}"`,
    (word: string) => `token=${word}`,
    (word: string) => `{"token":"${word}"}`,
    (word: string) => `failed with ${word}.`,
    (word: string) => `(${word}), more`,
    (word: string) => `Authorization: Bearer ${word}`,
    (word: string) => `bearer ${word}`,
    (word: string) => `--token ${word} --v=2`,
    (word: string) => `a\n${word}\nb`,
    (word: string) => `\x1b[31m${word}\x1b[0m`,
    (word: string) => `${word.slice(0, 9)}\u200b${word.slice(9)}`,
  ])('is removed from %s', (line) => {
    const text = redact(line(secret));
    expect(text).toContain('[removed]');
    // And no half of it.
    expect(text.includes(secret.slice(0, 12)) || text.includes(secret.slice(-12))).toBe(false);
  });
});

test.each([
  ['https://admin:hunter2@10.0.0.1:3128/x', 'https://[removed]@10.0.0.1:3128/x'],
  ['Get "http://user:p%40ss@proxy:3128": refused', 'Get "http://[removed]@proxy:3128": refused'],
  ['proxy=socks5://u:p@ss@h postgres://u:pa/ss@db/x', 'proxy=socks5://[removed]@h postgres://[removed]@db/x'],
  ['https://x-access-token:ghs_aB3aB3aB3aB3aB3aB3aB@github.com/o/r', 'https://[removed]@github.com/o/r'],
  ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [removed]'],
  ['"Authorization":"Basic dXNlcjpwYXNz"', '"Authorization":"Basic [removed]"'],
  ['proxy-authorization: Basic dTpw x', 'proxy-authorization: Basic [removed] x'],
  ['Authorization: Bearer a1b2c3d4e5', 'Authorization: Bearer [removed]'],
  ['password=hunter2 user=admin', 'password=[removed] user=admin'],
  ['DB_PASSWORD="correct horse" x', 'DB_PASSWORD="[removed]" x'],
  ['password: hunter', 'password: [removed]'],
  ['--password hunter2 -v', '--password [removed] -v'],
  ['client-key-data: LS0tLS1CRUdJTiBFQyBQUklWQVRF', 'client-key-data: [removed]'],
  ['AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCY', 'AWS_SECRET_ACCESS_KEY=[removed]'],
  ['"client_secret":"a1b2c3d4e5"', '"client_secret":"[removed]"'],
])('the secret in %j is removed', (line, shown) => {
  expect(redact(line)).toBe(shown);
});

const sum = '950f0618c9c6dbb9946ac1a223fcfc4d613835f2890cbad863f4e94cb1f95d16';
test.each([
  `cannot open /etc/kubernetes/pki/apiserver.key: sha256 ${sum} at https://10.0.0.1:2379/health`,
  `registry.k8s.io/kube-apiserver:v1.37.2@sha256:${sum}`,
  `ghcr.io/flannel-io/flannel-cni-plugin@sha256:${sum.toUpperCase()}`,
  'etcd[812]: listen tcp 0.0.0.0:2380: bind: address already in use',
  'kubelet.service: Main process exited, code=exited, status=1/FAILURE',
  '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/114/fs/usr/lib/x86_64-linux-gnu/libcrypto.so.3',
  '/var/lib/kubelet/pods/6ae44c7b-8b7b-4c7f-9d2a-1f0e6a1f5b7c/volumes/kubernetes.io~projected/kube-api-access-x7x2k',
  'E1126 18:00:00.123456    1234 controller.go:145] "Failed to ensure lease exists" err="Unauthorized" interval="7s"',
  'MountVolume.SetUp failed for volume "tls" : secret "kube-system/tls-1" not found; secret="default/tls-2024"',
  'the token file /var/run/secrets/kubernetes.io/serviceaccount/token: no such file; --token-file=/etc/k8s/token',
  'invalid bearer token, square/go-jose: error in cryptographic primitive',
  'authorization: webhook; authentication: x509; token: expired; password: must be set',
  'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU one (ED25519)',
  'one ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJZm9yYSBwdWJsaWMga2V5IHRoYXQgaXMgbm8gc2VjcmV0 host',
  'see https://github.com/org/repo@v1.2.3 or http://proxy:8080/a@b or ssh://git@example.com/x',
  'systemd[1]: dev-disk-by\\x2duuid-4f0e9b1e\\x2d1c1f\\x2d4b6a.swap: Deactivated successfully.',
  'system:serviceaccount:kube-system:attachdetach-controller cannot list resource "leases"',
  '{"level":"warn","ts":"2026-11-26T18:00:00.000000Z","caller":"etcdserver/util.go:123","msg":"apply request took too long"}',
  `client-certificate-data: ${base64(certificate)}`,
  ...(certificate.trimEnd().split('\n').length > 0 ? [certificate] : []),
  `certificate of one:\n${certificate}and no more`,
])('useful text stays: %j', (text) => {
  expect(redact(text)).toBe(text);
});

test('a certificate and a key beside each other are distinguished', () => {
  expect(redact(`${certificate}${pem}${certificate}`)).toBe(`${certificate}[private key removed]\n${certificate}`);
});

test('terminal escapes and invisible characters are removed', () => {
  expect(redact('a\x1b[31mb\x1b]0;x\x07c\u202ed\te\r\nf')).toBe('abcd e\nf');
  fc.assert(fc.property(hostileText, (text) => expect(redact(text)).not.toMatch(unseen)));
});

test('an error has lines without blank ones', () => {
  expect(redactLines('one\n\n  \ntwo\n')).toEqual(['one', 'two']);
});

test('redacted text does not change when it is redacted again', () => {
  fc.assert(
    fc.property(hostileText, fc.constantFrom(pem, jwt, 'password=hunter2', ''), (text, secret) => {
      const once = redact(`${text} ${secret}`);
      expect(redact(once)).toBe(once);
    }),
  );
});

test.each(repeated.concat('-----BEGIN CERTIFICATE-----\n', `${sum} `, 'password="', '\\"', 'AbC1'.repeat(20)))(
  'the time is linear in the length of %j',
  (piece) => {
    expect(growth(piece, redact)).toBeLessThan(300);
  },
);
