import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { knownHostsInput } from '../../src/github/known-hosts-input.ts';
import { withInputs } from './workflow-commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-known-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const line = '192.168.1.11 ssh-ed25519 AAAA';
const read = (given: string) => withInputs({ 'known-hosts': given }, knownHostsInput);

test('The input has the lines of a known_hosts file, or the path of one', async () => {
  const file = join(folder, 'known_hosts');
  writeFileSync(file, `${line}\n`);
  expect(await read(line)).toBe(line);
  expect(await read(file)).toBe(`${line}\n`);
});

test.each(['', '  \n'])('Nothing is reported as such, with the variable to set: "%s"', async (given) => {
  await expect(read(given)).rejects.toMatchObject({
    message: 'the input known-hosts is empty',
    fields: { code: 'INPUT_MISSING', hint: expect.stringContaining('variable KNOWN_HOSTS') },
  });
});

test('An empty file is reported like an empty variable, and a missing one by its path', async () => {
  const file = join(folder, 'empty');
  writeFileSync(file, '\n');
  await expect(read(file)).rejects.toMatchObject({ fields: { code: 'INPUT_MISSING' } });
  await expect(read('no/such-file')).rejects.toMatchObject({
    message: expect.stringContaining('no/such-file'),
    fields: { code: 'INPUT_INVALID' },
  });
  await expect(read(folder)).rejects.toMatchObject({ fields: { code: 'INPUT_INVALID' } });
});
