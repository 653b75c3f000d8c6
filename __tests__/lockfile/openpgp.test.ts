import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findSum } from '../../src/host/sums.ts';
import { type SigningKey, signedText } from '../../src/lockfile/openpgp.ts';
import { signersOf } from '../../src/lockfile/publisher-keys.ts';

// The files were made by gpg 2.2 (`gpg --clear-sign`) with two keys that were made for this test, and whose private halves are gone.
const ed25519: SigningKey = {
  fingerprint: 'B440EA70FC5130F25F4B27CCAB1E5E1626FC1E4A',
  created: 1795824786,
  material: { ed25519: 'QA6xzclU6CKx/jK1HSzghxNsUb1h5q/igbJ5u2Obdic=' },
};
const rsa: SigningKey = {
  fingerprint: '636567699D815DB4CEB9A07C26849AC07AAC8123',
  created: 1795824786,
  material: {
    rsa: '1uXdUrF820o4XlFwgpCiHrDgwb1Vjjql9yLrtUkGzPMsj73Emwrs5dKTc2tlLueKr8/9F0UhM7t1rthmjEPvICO/kGl12CrV5Ho2LRma3lMHXKhPX9j7/ZcHaT6WZsNWp0L9JyJiym6CcVgTMeyiFbWHjARN6G5sUqgnlpnXThPzP37KTy7z6YaTOSXNglcVE8bhAZl9EBegU5NkuEHmtbeg9YTGPiFC7blA1JX8BAivWiIldyc3Z7hhuzA+WKXwnOGeuMHOEA3BLTNkZAgPmRLSwba9ZocX4un+OXb6EiL+RIct1k07FdiXpPWkJgmQmBjcEoAZ+dvd/qU4prJouQ==',
  },
};
const fileOf = (name: string) => readFileSync(join(import.meta.dirname, 'signed', `${name}.txt`), 'utf8');
const text = `${'a'.repeat(64)}  runc.amd64\n${'b'.repeat(64)}  runc.arm64\n- a line with a dash`;

test.each([
  ['ed', ed25519, rsa],
  ['rsa', rsa, ed25519],
])('a text that a known key signed is read (%s), and one of another key is not', (name, key, other) => {
  expect(signedText(fileOf(name), [other, key])).toBe(text);
  expect(signedText(fileOf(name).replaceAll('\n', '\r\n'), [key])).toBe(text);
  expect(signedText(fileOf(name), [other])).toBeUndefined();
  expect(signedText(fileOf(name), [])).toBeUndefined();
});

test('a signature by SHA-1 does not count', () => {
  expect(fileOf('sha1')).toContain('Hash: SHA1\n');
  expect(signedText(fileOf('sha1'), [rsa])).toBeUndefined();
});

test('nothing around the signed text is part of it', () => {
  const evil = `${'e'.repeat(64)}  runc.amd64\n`;
  for (const file of [`${evil}${fileOf('ed')}`, `${fileOf('ed')}${evil}`])
    expect([text, undefined]).toContain(signedText(file, [ed25519]));
  for (const header of ['Comment: x', `${'e'.repeat(64)}  runc.amd64`])
    expect(signedText(fileOf('ed').replace('Hash: SHA256', `Hash: SHA256\n${header}`), [ed25519])).toBeUndefined();
  expect(signedText(text, [ed25519])).toBeUndefined();
});

test('a file in which a character of the text or of the signature differs is never read as another text', () => {
  const file = fileOf('ed');
  const from = file.indexOf('\n\n') + 2;
  const to = file.lastIndexOf('\n=');
  const place = fc.integer({ min: from, max: to - 1 }).filter((at) => /[\w+/]/.test(file[at] ?? ''));
  fc.assert(
    fc.property(place, fc.constantFrom(...'0123456789abcdefXYZ+/'), (at, letter) => {
      const changed = file.slice(0, at) + letter + file.slice(at + 1);
      // The part of a signature that is not signed itself may differ; the text may not.
      expect([undefined, text]).toContain(signedText(changed, [ed25519]));
    }),
  );
});

test('anything else in the place of a signature is no error, and no signature', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.uint8Array({ minLength: 8, maxLength: 40 }).map((rest) => Uint8Array.of(0x88, rest.length + 2, 4, 1, ...rest)),
  );
  fc.assert(
    fc.property(bytes, (packet) => {
      const armor = Buffer.from(packet).toString('base64');
      const file = `-----BEGIN PGP SIGNED MESSAGE-----\n\nx\n-----BEGIN PGP SIGNATURE-----\n\n${armor}\n-----END PGP SIGNATURE-----\n`;
      expect(signedText(file, [ed25519, rsa])).toBeUndefined();
    }),
  );
});

test('each key of a publisher is the one of its fingerprint', () => {
  const keys = signersOf('https://github.com/opencontainers/runc/releases/download/v1.5.2/runc.amd64') ?? [];
  expect(keys).toHaveLength(3);
  for (const key of [...keys, ed25519, rsa]) expect(fingerprintOf(key)).toBe(key.fingerprint);
  expect(signersOf('https://github.com/opencontainers/runc.evil/releases/download/v1.5.2/runc.amd64')).toBeUndefined();
  expect(signersOf('https://dl.k8s.io/v1.37.2/bin/linux/amd64/kubelet')).toBeUndefined();
});

test('the sum of a file is found in a signed text', () => {
  expect(findSum(signedText(fileOf('ed'), [ed25519]) ?? '', 'runc.arm64')).toBe('b'.repeat(64));
});

/** Source: RFC 4880, 12.2 and 5.5.2; the curve's name is 1.3.6.1.4.1.11591.15.1 */
function fingerprintOf({ created, material }: SigningKey): string {
  const [algorithm, body] =
    'rsa' in material
      ? [1, [number(Buffer.from(material.rsa, 'base64')), number(Buffer.from([1, 0, 1]))]]
      : [
          22,
          [
            Buffer.from('092b06010401da470f01', 'hex'),
            number(Buffer.concat([Buffer.from([0x40]), Buffer.from(material.ed25519, 'base64')])),
          ],
        ];
  const head = Buffer.alloc(6);
  head[0] = 4;
  head.writeUInt32BE(created, 1);
  head[5] = algorithm;
  const packet = Buffer.concat([head, ...body]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(packet.length);
  const hashed = createHash('sha1')
    .update(Buffer.from([0x99]))
    .update(length)
    .update(packet);
  return hashed.digest('hex').toUpperCase();
}

function number(bytes: Buffer): Buffer {
  const bits = Buffer.alloc(2);
  bits.writeUInt16BE((bytes.length - 1) * 8 + (bytes[0] ?? 0).toString(2).length);
  return Buffer.concat([bits, bytes]);
}
