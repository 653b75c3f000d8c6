import { expect, test } from '@jest/globals';
import { now } from '../../../src/failover/instruments/clock.ts';
import { untilNoReason, within } from '../../../src/failover/instruments/until.ts';

const never = () => new Promise<never>(() => undefined);

test('work that never ends is given up, and the error has its name', async () => {
  await expect(within(never(), 20, 'closing')).rejects.toThrow('closing: no end after 0 s');
  await expect(within(Promise.resolve(7), 20, 'closing')).resolves.toBe(7);
});

test('checking continues through errors until there is no reason left', async () => {
  const answers = [() => Promise.reject(new Error('refused')), async () => 'starting', async () => undefined];
  expect(await untilNoReason(async () => await answers.shift()?.(), now() + 5000)).toBeUndefined();
  expect(answers).toEqual([]);
});

test('the last reason is reported when the time is over', async () => {
  expect(await untilNoReason(async () => 'still starting', now() + 50)).toBe('still starting');
  expect(await untilNoReason(never, now())).toContain('no end after 1 s');
});
