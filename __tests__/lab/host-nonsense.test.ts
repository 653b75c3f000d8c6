import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { hostState } from '../../src/host/index.ts';
import { bareHosts, driver, h1, h2, lab, onHost } from './host-lab.ts';
import { memoryOf } from './memory-of.ts';
import { type Nonsense, scripts, talkNonsense, talkSense } from './nonsense-host.ts';

const faultFile = join(lab.stateDir, 'mirror-faults.json');

beforeAll(bareHosts, 300_000);
afterEach(async () => {
  rmSync(faultFile, { force: true });
  await talkSense(lab, 'h1');
});
afterAll(async () => void (await lab.down()), 60_000);

/** Short time limits for tests; the limits of size are the defaults. */
const limits = { startMs: 3000, silenceMs: 4000, snapshotMs: 3000, workMs: 3000 };
let count = 0;

/** The error on h1 of a run that changes h1 and h2, and its memory; the work on h2 is done meanwhile. */
async function changeBoth(options: object = {}) {
  count += 1;
  const path = '/etc/nonsense-test';
  const state = hostState({
    files: [{ path, content: `${count}\n`, mode: '644', owner: 'root:root', secret: false }],
  });
  // Read in the first request, so that the second one is the change.
  const calls = [
    ['inspect', { paths: [path] }],
    ['apply', 'demo', state],
  ] as const;
  const began = performance.now();
  const runs = [h1, h2].map((host) => driver(host, calls, { options }));
  const peaks = runs.map(({ child }) => memoryOf(child));
  const [odd, other] = await Promise.all(runs.map(({ outcome }) => outcome));
  const milliseconds = performance.now() - began;
  expect(other?.problem).toBeUndefined();
  expect(await onHost('h2', `cat ${path}`)).toBe(String(count));
  return { outcome: odd, problem: odd?.problem, milliseconds, memory: Math.max(...peaks.map((peak) => peak())) };
}

const sized: readonly (readonly [string, Nonsense])[] = [
  ['text without a line end', { script: scripts.withoutLineEnd }],
  ['lines without an end', { script: scripts.lines }],
  ['a line of 10 MB', { script: scripts.longLine }],
  ['an event of a kind that is a number', { script: scripts.otherKind }],
  ['an event that breaks off', { script: scripts.broken }],
  ['events for ever, when it is asked', { script: scripts.eventsForEver, atRequest: 1 }],
  ['1 GB, when it is asked', { script: scripts.gigabyte, atRequest: 1 }],
  ['text without a line end, while it is changed', { script: scripts.withoutLineEnd, atRequest: 2 }],
  ['an event that breaks off, while it is changed', { script: scripts.broken, atRequest: 2 }],
];

test.each(sized)(
  'a host that says %s is one problem, and the other host’s work is done',
  async (_, nonsense) => {
    await talkNonsense(lab, 'h1', nonsense);
    const { problem, milliseconds, memory } = await changeBoth();
    expect(problem).toMatchObject({ code: 'HOST_NONSENSE', host: 'h1' });
    expect(milliseconds).toBeLessThan(30_000);
    expect(memory).toBeLessThan(300);
    // The process that wrote into the channel has ended with it.
    await onHost('h1', 'for i in $(seq 50); do pgrep -x "yes|head|tr" >/dev/null || exit 0; sleep 0.1; done; exit 1');
  },
  60_000,
);

const timed: readonly (readonly [string, Nonsense, code: string])[] = [
  ['only signs of life', { script: scripts.ticks }, 'HOST_OVERDUE'],
  ['signs of life for ever, when it is asked', { script: scripts.ticks, atRequest: 1 }, 'HOST_OVERDUE'],
  ['signs of life for ever, while it is changed', { script: scripts.ticks, atRequest: 2 }, 'HOST_OVERDUE'],
  ['nothing', { script: scripts.stalled }, 'HOST_SILENT'],
];

test.each(timed)(
  'a host that says %s ends with its deadline, as one problem',
  async (_, nonsense, code) => {
    await talkNonsense(lab, 'h1', nonsense);
    const { problem, milliseconds } = await changeBoth({ limits });
    expect(problem).toMatchObject({ code, host: 'h1' });
    expect(milliseconds).toBeLessThan(20_000);
  },
  60_000,
);

test('a log line of a million characters is shortened, and has no other effect', async () => {
  await talkNonsense(lab, 'h1', { script: scripts.manyEquals, atRequest: 2, once: true });
  const { outcome, problem, milliseconds } = await changeBoth();
  expect(problem).toBeUndefined();
  expect(outcome?.log.filter((line) => line.length > 1000).map((line) => line.length)).toEqual([4100]);
  expect(milliseconds).toBeLessThan(20_000);
}, 60_000);

test('a mirror whose sum file never ends is one problem, and nothing is downloaded', async () => {
  writeFileSync(faultFile, JSON.stringify([{ path: '/endless.sha256', kind: 'endless' }]));
  const url = `${lab.mirrorUrl}/endless`;
  const download = { url, sumUrl: `${url}.sha256`, mode: '755', place: '/usr/local/bin/endless' };
  const { child, outcome } = driver(h1, [['apply', 'demo', hostState({ downloads: [download] })]]);
  const peak = memoryOf(child);
  const { problem } = await outcome;
  expect(problem).toMatchObject({ code: 'MIRROR_NONSENSE', host: 'h1', file: `${url}.sha256` });
  expect(await onHost('h1', 'ls /usr/local/bin')).not.toContain('endless');
  expect(peak()).toBeLessThan(300);
}, 60_000);
