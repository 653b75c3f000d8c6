import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mask } from '../../src/github/masks.ts';
import { linesOf } from './workflow-commands.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const maskedBy = async (...values: readonly string[]) =>
  (await linesOf(() => mask(values))).map((line) => decodeURIComponent(line.replace('::add-mask::', '')));

const key = [
  '-----BEGIN OPENSSH PRIVATE KEY-----',
  'b3BlbnNzaC1rZXktdjEA',
  'AAAABG5vbmUAAAAEbm9u',
  '-----END OPENSSH PRIVATE KEY-----',
];

test('A key of many lines is masked line by line, because a log shows lines, and each line in base64', async () => {
  const masked = await maskedBy(`${key.join('\n')}\n`);
  for (const line of key.slice(1, -1)) {
    expect(masked).toContain(line);
    expect(masked).toContain(base64(line));
  }
});

test('The banners of keys stay readable: every key has them, and they reveal nothing', async () => {
  expect(await maskedBy(key.join('\n'))).not.toContain(key[0]);
});

test('Line ends of Windows make no difference', async () => {
  expect(await maskedBy(key.join('\r\n'))).toContain(key[1]);
});

test('Short values are not masked: ordinary words of the log would be hidden', async () => {
  expect(await maskedBy('node-1', '', '   ', 'abc\nxyz')).toEqual([]);
});

test('Each line of a secret with eight characters or more is masked in its printed form', async () => {
  const secret = fc.array(fc.string({ minLength: 8, maxLength: 60, unit: 'grapheme-ascii' }), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(secret, async (lines) => {
      const masked = new Set(await maskedBy(lines.join('\n')));
      const due = lines.map((line) => line.trim()).filter((line) => line.length >= 8 && !line.startsWith('-----'));
      expect(due.filter((line) => !masked.has(line))).toEqual([]);
    }),
  );
});
