import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type ActionResult, runAction } from '../../../lab/runner/run-action.ts';
import { remainsOn } from '../remains.ts';
import { act, lab, logOf, succeeded } from '../seed-lab.ts';
import { standingTrio, trio, trioText } from '../trio.ts';

const place = mkdtempSync(join(tmpdir(), 'k8s-ha-cancelled-test-'));
const temp = join(place, 'temp');
const file = join(place, 'cluster.yaml');
let value = 0;

beforeAll(standingTrio, 900_000);
beforeEach(() => mkdirSync(temp));
afterEach(() => rmSync(temp, { recursive: true, force: true }));
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** The way in which GitHub ends a step of a cancelled job, and the result. */
interface Ended {
  readonly result: ActionResult;
  readonly signal: NodeJS.Signals | null;
  readonly milliseconds: number;
}

/** Runs an action and ends it at a line of its log. */
async function endAt(
  seen: RegExp,
  end: (child: ChildProcess) => Promise<void>,
  name: string,
  inputs: Readonly<Record<string, string>>,
): Promise<Ended> {
  let child: ChildProcess | undefined;
  let begin = 0;
  const result = await runAction(lab, name, {
    inputs,
    temp,
    onStart: (started) => {
      child = started;
    },
    onLine: ({ text }) => {
      if (begin > 0 || !child || !seen.test(text)) return;
      begin = performance.now();
      void end(child);
    },
  });
  return { result, signal: child?.signalCode ?? null, milliseconds: performance.now() - begin };
}

/** Like the runner: SIGINT, SIGTERM after 7.5 s, and SIGKILL after another 2.5 s. */
async function cancel(child: ChildProcess): Promise<void> {
  child.kill('SIGINT');
  for (const [ms, signal] of [
    [7500, 'SIGTERM'],
    [2500, 'SIGKILL'],
  ] as const) {
    for (let left = ms; left > 0 && child.exitCode === null && child.signalCode === null; left -= 50) await sleep(50);
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  }
}

const kill = async (child: ChildProcess) => void child.kill('SIGKILL');

/** A cluster.yaml for which every API server must be restarted. */
function changed(): string {
  value++;
  const extraArgs = [{ name: 'max-requests-inflight', value: String(300 + value) }];
  writeFileSync(
    file,
    trioText((cluster) => Object.assign(cluster, { apiServer: { extraArgs } })),
  );
  return file;
}

/** A restart that has begun under its lock is completed; then the run blocks no other run. */
async function nobodyThere(): Promise<void> {
  const there = async () => (await remains()).filter((line) => !/pending$|\.tmp\.\w+$/.test(line));
  for (let left = 60; left > 0 && (await there()).length > 0; left--) await sleep(1000);
  expect(await there()).toEqual([]);
}

/** The next run completes or removes incomplete files. */
async function nextRun(): Promise<void> {
  succeeded(await act('deploy', { cluster: file }));
  expect(await remains()).toEqual([]);
}

const remains = async () => (await Promise.all(trio.map(({ name }) => remainsOn(lab, name)))).flat();

test('a cancelled deployment reports that at once, and leaves neither a file on the runner nor a lock on a host', async () => {
  const { result, signal, milliseconds } = await endAt(/waiting for the lock/, cancel, 'deploy', {
    cluster: changed(),
  });
  expect([signal, result.status]).toEqual([null, 1]);
  expect(milliseconds).toBeLessThan(7500);
  expect(logOf(result)).toMatch(
    /error: the run was cancelled; not done: [a-z, ]+\n {2}→ Run it again: it continues where this one stopped\./,
  );
  expect(logOf(result)).not.toMatch(/^\s+at .*:\d+/m);
  expect(readdirSync(temp)).toEqual([]);
  await nobodyThere();
  await nextRun();
}, 300_000);

test('one that is killed outright leaves as little', async () => {
  const { signal } = await endAt(/waiting for the lock/, kill, 'deploy', { cluster: changed() });
  expect(signal).toBe('SIGKILL');
  expect(readdirSync(temp)).toEqual([]);
  await nobodyThere();
  await nextRun();
}, 300_000);

test.each([
  ['cancelled', cancel],
  ['killed', kill],
] as const)(
  'the post step deletes a kubeconfig whose step is %s',
  async (_, end) => {
    // The last line of the step: its files exist by now.
    const { result } = await endAt(/\/kubeconfig, until /, end, 'kubeconfig', { cluster: file });
    const path = /^(.*\/kubeconfig), until /m.exec(logOf(result))?.[1] ?? '';
    expect(readdirSync(temp)).toEqual([dirname(path).slice(temp.length + 1)]);
    succeeded(await act('kubeconfig', {}, { temp, state: { folder: dirname(path) } }));
    expect([existsSync(path), readdirSync(temp)]).toEqual([false, []]);
    expect(await remains()).toEqual([]);
  },
  120_000,
);
