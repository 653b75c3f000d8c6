import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { resultsToken } from '../../lab/workflow/results-token.ts';

/** In a process of its own: a signal here would end the tests. */
async function cancelled(signal: NodeJS.Signals, work: string, env: NodeJS.ProcessEnv = {}) {
  const module = (name: string) => JSON.stringify(new URL(`../../src/github/${name}.ts`, import.meta.url).href);
  const program = `
    import { runAction } from ${module('action')};
    import { uploadArtifact } from ${module('artifact-client')};
    import { cancellation, endBeforeLimit } from ${module('cancellation')};
    import { readdirSync } from 'node:fs';
    const alive = setInterval(() => undefined, 1000);
    await runAction(async () => {
      ${work}
    });`;
  const argv = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program];
  const child = spawn(process.execPath, argv, { env: { ...process.env, ...env } });
  let said = '';
  child.stdout.on('data', (data) => {
    said += String(data);
    if (String(data).includes('ready')) child.kill(signal);
  });
  child.stderr.on('data', (data) => {
    said += String(data);
  });
  const [status] = await once(child, 'close');
  return { status, said: said.trim().split('\n') };
}

const both = ['SIGINT', 'SIGTERM'] as const;

test.each(both)('%s ends an action with a message instead of a stack', async (signal) => {
  expect(await cancelled(signal, `console.log('ready'); await new Promise(() => undefined);`)).toEqual({
    status: 1,
    said: [
      'ready',
      '::error title=RUN_CANCELLED::the run was cancelled%0A  → Run it again: it continues where this one stopped.',
    ],
  });
});

test.each(both)('%s leaves time for clean-up to work that asks for it', async (signal) => {
  const work = `
    const signal = cancellation();
    const over = new Promise((resolve) => signal.addEventListener('abort', () => setTimeout(resolve, 50)));
    console.log('ready');
    await over;
    console.log(signal.reason.code);`;
  expect(await cancelled(signal, work)).toEqual({ status: 0, said: ['ready', 'RUN_CANCELLED'] });
});

test.each([
  [
    'ends an action',
    '',
    { status: 1, last: /^::error title=JOB_TIMEOUT::the job would reach its time limit of 0\.001/ },
  ],
  [
    'leaves time for clean-up to work that asks for it',
    `const signal = cancellation({ hint: 'Look at it.' });
    await new Promise((resolve) => signal.addEventListener('abort', () => setTimeout(resolve, 50)));
    console.log(signal.reason.code, signal.reason.fields.hint);`,
    { status: 0, last: /^JOB_TIMEOUT Look at it\. If it only needs more time, raise timeout-minutes/ },
  ],
])('the time limit of the job %s, before it is reached', async (_, work, { status, last }) => {
  const begin = performance.now();
  const ended = await cancelled('SIGCONT', `endBeforeLimit(0.001); ${work || 'await new Promise(() => undefined);'}`);
  expect([ended.status, ended.said.at(-1)]).toEqual([status, expect.stringMatching(last)]);
  expect(performance.now() - begin).toBeLessThan(20_000);
});

test('a job without a time limit, or with one of a year, does not end by itself', async () => {
  const work = `endBeforeLimit(0); endBeforeLimit(525_600); await new Promise((resolve) => setTimeout(resolve, 200));`;
  expect(await cancelled('SIGCONT', work)).toEqual({ status: 0, said: [''] });
});

test.each([
  [
    'a second one ends work that takes too long',
    '',
    { status: 1, last: /^::error title=RUN_CANCELLED::the run was cancelled/ },
  ],
  [
    'only SIGKILL ends what nothing else can put right',
    '{ untilKilled: true }',
    { status: 0, last: /^all is put right$/ },
  ],
])('after a first request to end, %s', async (_, options, { status, last }) => {
  const work = `
    const signal = cancellation(${options});
    const over = new Promise((resolve) => signal.addEventListener('abort', () => setTimeout(resolve, 1600)));
    signal.addEventListener('abort', () => setTimeout(() => process.kill(process.pid, 'SIGINT'), 100));
    signal.addEventListener('abort', () => setTimeout(() => process.kill(process.pid, 'SIGTERM'), 1200));
    console.log('ready');
    await over;
    console.log('all is put right');`;
  const ended = await cancelled('SIGINT', work);
  expect(ended.status).toBe(status);
  expect(ended.said.at(-1)).toMatch(last);
});

test('the files of an interrupted upload do not stay on the runner', async () => {
  // A service that never answers.
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const temp = mkdtempSync(join(tmpdir(), 'k8s-ha-cancelled-'));
  try {
    const work = `
      setInterval(() => { if (readdirSync(process.env.RUNNER_TEMP).length > 0) console.log('ready'); }, 20);
      await uploadArtifact('one.age', Buffer.from('sealed'));`;
    const env = {
      RUNNER_TEMP: temp,
      ACTIONS_RESULTS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      ACTIONS_RUNTIME_TOKEN: resultsToken('run'),
    };
    const { status, said } = await cancelled('SIGINT', work, env);
    expect([status, said.includes('ready'), readdirSync(temp)]).toEqual([1, true, []]);
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(temp, { recursive: true });
  }
});
