import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { LabError } from '../../../lab/error.ts';
import { withLock, withLockOrRefuse } from '../../../lab/lock.ts';
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

describe('the lock of a lab', () => {
  test('keeps a second command out while the first one runs, and lets it in afterwards', async () => {
    await using scratch = await scratchFolder();
    const file = join(scratch.path, 'lock');
    await withLockOrRefuse(file, async () => {
      await expect(withLockOrRefuse(file, async () => 'in')).rejects.toThrow(LabError);
    });
    expect(await withLockOrRefuse(file, async () => 'in')).toBe('in');
  });

  test('of a command that was killed counts for nothing', async () => {
    await using scratch = await scratchFolder();
    const file = join(scratch.path, 'lock');
    await writeFile(file, `${process.pid} 1`);
    expect(await withLockOrRefuse(file, async () => 'in')).toBe('in');
    await writeFile(file, '{"pid":');
    expect(await withLockOrRefuse(file, async () => 'in')).toBe('in');
  });
});
