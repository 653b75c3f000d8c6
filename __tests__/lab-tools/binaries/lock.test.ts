import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { withLock } from '../../../lab/binaries/lock.ts';
import { scratchFolder } from '../scratch.ts';

test('two workers under one lock never overlap', async () => {
  await using folder = await scratchFolder();
  const lock = join(folder.path, 'lock');
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} starts`);
    await wait(20);
    events.push(`${name} ends`);
  };
  await Promise.all(['a', 'b'].map((name) => withLock(lock, () => {}, work(name))));
  const [first, second, third, fourth] = events.map((event) => event[0]);
  expect([first, third]).toEqual([second, fourth]);
  await expect(access(lock)).rejects.toThrow('ENOENT');
});

test('the lock of a process that is gone is taken over, also when its number is used again', async () => {
  await using folder = await scratchFolder();
  const lock = join(folder.path, 'lock');
  for (const dead of ['999999999 1', `${process.pid} 1`]) {
    await writeFile(lock, dead);
    expect(
      await withLock(
        lock,
        () => {},
        async () => 'worked',
      ),
    ).toBe('worked');
  }
});

test('a failing worker gives the lock back', async () => {
  await using folder = await scratchFolder();
  const lock = join(folder.path, 'lock');
  const failing = withLock(
    lock,
    () => {},
    () => Promise.reject(new Error('no')),
  );
  await expect(failing).rejects.toThrow('no');
  expect(
    await withLock(
      lock,
      () => {},
      async () => 'worked',
    ),
  ).toBe('worked');
});
