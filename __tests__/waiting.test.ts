import { expect, test } from '@jest/globals';
import { waitWhile } from '../src/waiting.ts';

/** A look that has these answers, and the last one for ever. */
const looks = (...answers: readonly (string | undefined)[]) => {
  const left = [...answers];
  return async () => (left.length > 1 ? left.shift() : left[0]);
};

test('the wait is over when there is no reason left', async () => {
  expect(await waitWhile(looks('starting', 'joining', undefined), { timeoutMs: 5000, everyMs: 1 })).toBeUndefined();
});

test('when the time is over, the last reason is returned, after one look at least', async () => {
  expect(await waitWhile(looks('starting', 'joining'), { timeoutMs: 30.5, everyMs: 1 })).toBe('joining');
  for (const timeoutMs of [0, -1])
    expect(await waitWhile(looks('starting'), { timeoutMs, everyMs: 1 })).toBe('starting');
  expect(await waitWhile(looks(undefined), { timeoutMs: 0, everyMs: 1 })).toBeUndefined();
});

test('the time ends a pause, and waits for a look that has begun', async () => {
  const began = performance.now();
  expect(await waitWhile(looks('starting'), { timeoutMs: 20, everyMs: 60_000 })).toBe('starting');
  expect(performance.now() - began).toBeLessThan(10_000);
  const slow = () => new Promise<undefined>((resolve) => setTimeout(resolve, 60, undefined));
  expect(await waitWhile(slow, { timeoutMs: 10, everyMs: 1 })).toBeUndefined();
});

test('an aborted signal ends it with its reason, and an error of the look with that', async () => {
  const reason = new Error('cancelled');
  const signal = AbortSignal.abort(reason);
  await expect(waitWhile(looks('starting'), { timeoutMs: 5000, everyMs: 1, signal })).rejects.toBe(reason);
  const controller = new AbortController();
  const waiting = waitWhile(looks('starting'), { timeoutMs: 60_000, everyMs: 60_000, signal: controller.signal });
  setImmediate(() => controller.abort(reason));
  await expect(waiting).rejects.toBe(reason);
  await expect(waitWhile(() => Promise.reject(reason), { timeoutMs: 5000, everyMs: 1 })).rejects.toBe(reason);
});
