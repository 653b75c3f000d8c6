import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import { runCommand } from '../../src/github/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { PATH: process.env.PATH ?? '' };
const sh = (line: string, timeoutMs = 10_000) => runCommand(['sh', '-c', line], { timeoutMs, env });
const isAlive = (pid: number) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(textOf(`/proc/${pid}/status`));

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

test('a program’s status and its last output are returned, and no shell reads its arguments', async () => {
  expect(await sh('echo to none; echo why >&2; exit 3')).toEqual({ status: 3, stderr: 'why\n' });
  expect(await runCommand(['test', '$HOME', '=', '$HOME'], { timeoutMs: 10_000, env })).toMatchObject({ status: 0 });
});

test('a missing program gives a status too, as in a shell', async () => {
  const { status, stderr } = await runCommand([join(folder, 'no-such-program')], { timeoutMs: 1000, env });
  expect(status).toBe(127);
  expect(stderr).toMatch(/no-such-program: No such file/);
});

test('a program that does not end is ended at the time limit, with its children', async () => {
  const [own, child] = [join(folder, 'own'), join(folder, 'child')];
  // The child ignores signals: it must be killed.
  const line = `(trap '' TERM; exec sleep 60) & echo $! >${child}; echo $$ >${own}; echo waiting >&2; wait`;
  const begin = performance.now();
  expect(await sh(line, 500)).toEqual({ status: 124, stderr: 'waiting\n\nno end after 0.5 s' });
  expect(performance.now() - begin).toBeLessThan(8000);
  const pids = [own, child].map((path) => Number(readFileSync(path, 'utf8')));
  expect(pids.every((pid) => pid > 1)).toBe(true);
  for (let turn = 0; turn < 50 && pids.some(isAlive); turn += 1) await sleep(100);
  expect(pids.map(isAlive)).toEqual([false, false]);
});

test('a background process of a program keeps running, and is not waited for', async () => {
  const place = join(folder, 'left');
  const begin = performance.now();
  expect(await sh(`sleep 30 & echo $! >${place}`)).toMatchObject({ status: 0 });
  expect(performance.now() - begin).toBeLessThan(8000);
  const left = Number(readFileSync(place, 'utf8'));
  expect(isAlive(left)).toBe(true);
  process.kill(left, 'SIGKILL');
});

test('a program has exactly the given environment', async () => {
  process.env.ACTIONS_RUNTIME_TOKEN = 'a-token-of-the-runner';
  try {
    const place = join(folder, 'environment');
    const given = { ...env, GIVEN: 'yes' };
    await runCommand(['sh', '-c', `env >${place}`], { timeoutMs: 10_000, env: given });
    const names = readFileSync(place, 'utf8')
      .split('\n')
      .map((line) => line.replace(/=.*/, ''));
    // Variables that a shell itself sets are there as well.
    expect(names.filter((name) => !['', '_', 'PWD', 'OLDPWD', 'SHLVL'].includes(name)).sort()).toEqual([
      'GIVEN',
      'PATH',
    ]);
  } finally {
    delete process.env.ACTIONS_RUNTIME_TOKEN;
  }
});
