import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readSmallFile, readStart } from '../../src/github/small-file.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';

test('a file is read up to its limit, also if a link leads to an endless one', async () => {
  await using folder = await scratchFolder();
  const file = join(folder.path, 'file');
  await writeFile(file, 'über\n');
  expect(readStart(file, 100)).toBe('über\n');
  expect(readStart(file, 3)).toBe('üb');
  expect(readStart('/dev/zero', 1_000_000)).toHaveLength(1_000_000);
  const refuse = (what: string) => new Error(`it has ${what}`);
  expect((await readSmallFile(file, 6, refuse)).toString()).toBe('über\n');
  await expect(readSmallFile(file, 5, refuse)).rejects.toThrow('it has more than 5 bytes');
  await expect(readSmallFile('/dev/zero', 2048, refuse)).rejects.toThrow('it has more than 2 KiB');
});
