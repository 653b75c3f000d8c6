import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { howFar, inWords, withTicks } from '../../lab/progress.ts';

test.each([
  [0.4, '0 s'],
  [59.4, '59 s'],
  [60, '1 min'],
  [140, '2 min 20 s'],
])('%d seconds are %s', (seconds, words) => {
  expect(inWords(seconds)).toBe(words);
});

test('long work reports its time so far, the expected rest, and the end of all work', () => {
  const work = { what: '2 of 11: etcd v3.7.3', usualSeconds: 120 };
  expect(howFar(work, 40)).toBe('2 of 11: etcd v3.7.3: 40 s so far, about 1 min 20 s left');
  expect(howFar({ ...work, laterSeconds: 100 }, 40)).toBe(
    '2 of 11: etcd v3.7.3: 40 s so far, about 1 min 20 s left, about 3 min with what follows',
  );
  expect(howFar({ ...work, laterSeconds: 60 }, 150)).toBe(
    '2 of 11: etcd v3.7.3: 2 min 30 s so far, longer than the usual 2 min, about 1 min with what follows',
  );
});

test('it reports repeatedly until it ends, also if it fails', async () => {
  const lines: string[] = [];
  const work = { what: 'a build', usualSeconds: 60 };
  const failing = withTicks(
    (line) => lines.push(line),
    work,
    () => sleep(120).then(() => Promise.reject(new Error('no'))),
    20,
  );
  await expect(failing).rejects.toThrow('no');
  expect(lines.length).toBeGreaterThanOrEqual(2);
  for (const line of lines) expect(line).toMatch(/^a build: \d+ s so far, about .* left$/);
  const count = lines.length;
  await sleep(60);
  expect(lines).toHaveLength(count);
});
