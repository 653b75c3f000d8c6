import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { kubeconfigText, secretValues } from '../../src/pki/index.ts';
import { isSoleKey } from '../../src/pki/key-blocks.ts';
import { growth, repeated } from '../hostile-text.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ed = generateKeyPairSync('ed25519').privateKey;
const locked = { cipher: 'aes-256-cbc', passphrase: 'open' };
const certificate = `-----BEGIN CERTIFICATE-----\n${'MIIBszCCAVmgAwIBAgIUQ0FURUdPUlkwMDAwMDAwMDAwMDAwMDAwMDAwCgYIKoZI'}\n-----END CERTIFICATE-----\n`;

const keys: Readonly<Record<string, string>> = {
  'PKCS#1': pem(rsa.export({ type: 'pkcs1', format: 'pem' })),
  'PKCS#8 of RSA': pem(rsa.export({ type: 'pkcs8', format: 'pem' })),
  'SEC 1': pem(ec.export({ type: 'sec1', format: 'pem' })),
  'PKCS#8 of EC': pem(ec.export({ type: 'pkcs8', format: 'pem' })),
  Ed25519: pem(ed.export({ type: 'pkcs8', format: 'pem' })),
  'encrypted PKCS#8': pem(rsa.export({ type: 'pkcs8', format: 'pem', ...locked })),
  'encrypted PKCS#1': pem(rsa.export({ type: 'pkcs1', format: 'pem', ...locked })),
  OpenSSH: openssh(),
};

function pem(text: string | Buffer): string {
  return text.toString();
}

function openssh(): string {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-key-'));
  try {
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'controller-manager', '-f', join(folder, 'key')]);
    return readFileSync(join(folder, 'key'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const masksOf = (content: string) =>
  secretValues({
    ...{ cluster: 'seed', host: 'node-1', authorities: {} },
    files: [{ path: '/x', content, mode: '600', owner: 'root:root', secret: true }],
  });

const places: Readonly<Record<string, (key: string) => string>> = {
  alone: (key) => key,
  'behind a byte order mark': (key) => `\ufeff${key}`,
  'behind an empty line': (key) => `\n\n${key}`,
  'behind a comment, as openssl writes it': (key) =>
    `Bag Attributes\n    friendlyName: ca\nKey Attributes: <No Attributes>\n${key}`,
  'before other text': (key) => `${key}controller-manager\n["node-1","node-2"]\n`,
  'behind a certificate': (key) => `${certificate}${key}`,
  'before a certificate': (key) => `${key}${certificate}`,
  'with the line ends of Windows': (key) => key.replaceAll('\n', '\r\n'),
  'without its last line end': (key) => key.trimEnd(),
  'on one line, line ends written out': (key) => JSON.stringify({ key }),
  'on one line, by blanks': (key) => key.replaceAll('\n', ' '),
  'cut off': (key) => key.replace(/-----END.*/s, ''),
  'in a kubeconfig': (key) =>
    kubeconfigText({
      ...{ clusterName: 'seed', server: 'https://10.0.0.1:6443', ca: certificate, user: 'node-1' },
      credentials: { crt: certificate, key },
    }),
  'in a kubeconfig of two users': (key) =>
    `users:\n- user:\n    client-key-data: ${base64(keys.Ed25519 ?? '')}\n- user:\n    client-key-data: ${base64(key)}\n`,
};

const cases = Object.keys(keys).flatMap((kind) => Object.keys(places).map((place) => [kind, place] as const));

test.each(cases)('a key of %s %s is masked line by line and as a whole', (kind, place) => {
  const key = keys[kind] ?? '';
  const masks = new Set(masksOf(places[place]?.(key) ?? ''));
  const lines = key.split('\n').filter((line) => line !== '' && !/^-----|: /.test(line));
  expect(lines.length).toBeGreaterThan(0);
  // A shorter last line is not masked, and the last line of an encrypted key may not look like base64.
  expect(lines.filter((line) => line.length >= 16 && !masks.has(line))).toEqual([]);
  expect(masks).toContain(lines.filter((line) => line.length >= 16 || masks.has(line)).join(''));
  const open = ['controller-manager', 'node-1', 'seed', 'friendlyName', 'Attributes', '10.0.0.1'];
  expect([...masks].filter((mask) => open.some((word) => word.includes(mask) || mask.includes(word)))).toEqual([]);
});

test('in a kubeconfig, a key is masked in base64', () => {
  const key = keys['SEC 1'] ?? '';
  expect(masksOf(key)).toContain(base64(key));
  expect(masksOf(places['in a kubeconfig']?.(key) ?? '')).toContain(base64(key));
});

test.each([
  [
    'in a block of its own',
    '-----BEGIN PRIVATE KEY-----\ncontroller-manager\nnode1234\nkubernetes\n-----END PRIVATE KEY-----\n',
  ],
  [
    'in a block that says it is encrypted',
    '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nworkernode01workernode01\n-----END RSA PRIVATE KEY-----\n',
  ],
  ['behind a key in its block', (keys.Ed25519 ?? '').replace('\n-----END', '\nnode1234\n-----END')],
  ['behind a key', `${keys.Ed25519}controller-manager\nnode1234\n`],
  ['without any key', 'controller-manager\nnode1234\n'],
])('no ordinary word is masked that is %s', (_, content) => {
  const words = ['controller-manager', 'node1234', 'kubernetes', 'workernode01workernode01'];
  expect(masksOf(content).filter((mask) => words.some((word) => mask.includes(word)))).toEqual([]);
});

test('a file is recognised as exactly one key, or not', () => {
  for (const kind of ['PKCS#1', 'PKCS#8 of RSA', 'SEC 1', 'Ed25519', 'OpenSSH']) {
    const key = keys[kind] ?? '';
    expect([key, key.trimEnd(), key.replaceAll('\n', '\r\n')].map(isSoleKey)).toEqual([true, true, true]);
    const around = Object.entries(places).filter(([place]) =>
      /^(behind (?!an empty line)|before|cut|on one|in a)/.test(place),
    );
    expect(around.filter(([, placed]) => isSoleKey(placed(key))).map(([place]) => place)).toEqual([]);
    expect(isSoleKey(key + key)).toBe(false);
  }
});

test.each(repeated.concat('-----BEGIN RSA PRIVATE KEY-----\n', 'LS0tLS1C', 'PRIVATE KEY-----\n'))(
  'the time is linear in the length of %j',
  (piece) => {
    expect(growth(piece, (text) => [masksOf(`PRIVATE KEY ${text}`), isSoleKey(text)])).toBeLessThan(300);
  },
);
