import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Group } from './groups.ts';
import { runInLanes, type Turn } from './lanes.ts';

const group = (name: string, timed = false): Group => ({ name, kind: 'lab', files: [], timed, weight: 1 });
const groups = [group('a'), group('t1', true), group('b'), group('t2', true), group('c'), group('d')];

interface Seen extends Turn {
  readonly name: string;
  /** Groups that ran when it began. */
  readonly beside: readonly string[];
}

async function lanes(count: number): Promise<readonly Seen[]> {
  const [seen, running]: [Seen[], Set<string>] = [[], new Set()];
  await runInLanes(groups, count, async ({ name }, turn) => {
    seen.push({ name, ...turn, beside: [...running] });
    running.add(name);
    await sleep(10);
    running.delete(name);
  });
  return seen;
}

test.each([1, 2, 3, 8])(
  'in %d lanes each group runs once, and those that are timed never beside each other',
  async (count) => {
    const seen = await lanes(count);
    expect(seen.map(({ name }) => name).toSorted()).toEqual(groups.map(({ name }) => name).toSorted());
    const timed = seen.filter(({ name }) => name.startsWith('t'));
    expect(timed.map(({ name, lane, background }) => [name, lane, background])).toEqual([
      ['t1', 0, false],
      ['t2', 0, false],
    ]);
    for (const { beside } of timed) expect(beside.filter((name) => name.startsWith('t'))).toEqual([]);
    for (const each of seen) expect(each.beside.length).toBeLessThan(count);
    expect(seen.filter(({ name, background }) => !name.startsWith('t') && background !== count > 1)).toEqual([]);
  },
);

test('a group that throws ends the run with its error', async () => {
  await expect(runInLanes(groups, 2, () => Promise.reject(new Error('no lane')))).rejects.toThrow('no lane');
});
