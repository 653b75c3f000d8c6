import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { pausesInWords, RunnerWatch } from '../../../src/failover/instruments/runner-watch.ts';

/** Keeps the whole process from running. */
const stopFor = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

test('a runner that stops for over a second is seen, with the begin and the length of the pause', async () => {
  const watch = new RunnerWatch();
  await sleep(250);
  const before = Date.now();
  stopFor(1500);
  await sleep(150);
  const [pause] = watch.stop().filter(({ at }) => at > before - 300);
  expect(pause?.track).toBe('runner');
  expect(pause?.what).toMatch(/^the runner stopped for \d+\.\d s$/);
  expect(Number(pause?.what.replace(/[^\d.]/g, ''))).toBeGreaterThanOrEqual(1.4);
});

test('a pause that lasts until the end is seen too', () => {
  const watch = new RunnerWatch();
  stopFor(1200);
  expect(watch.stop()).toHaveLength(1);
});

test('its pauses are put into words only if there are some', () => {
  const pause = { ms: 75_400, track: 'runner', what: 'the runner stopped for 8.5 s' } as const;
  expect(pausesInWords([{ ms: 1, track: 'etcd', what: 'm1 leads' }])).toBeUndefined();
  expect(pausesInWords([pause])).toMatch(/^the runner itself stopped once /);
  expect(pausesInWords([pause, pause])).toMatch(/^the runner itself stopped 2 times /);
});
