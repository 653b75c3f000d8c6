import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from '@jest/globals';
import { hostLeftOff, isPostStep, noteOff, powerCommands, runPowerCommand } from '../../src/github/power-step.ts';
import { linesOf, withInputs } from './workflow-commands.ts';

delete process.env.GITHUB_STATE;

/** As a runner hands a step's saved state to its post step. */
function handOn(lines: readonly string[]): void {
  for (const line of lines) {
    const [, name, value = ''] = /^::save-state name=([^:]+)::(.*)$/.exec(line) ?? [];
    if (name) process.env[`STATE_${name}`] = value;
  }
}

afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('STATE_')) delete process.env[name];
});

test('the second start of the same step is its post step', async () => {
  const starts: boolean[] = [];
  handOn(await linesOf(() => void starts.push(isPostStep())));
  starts.push(isPostStep());
  expect(starts).toEqual([false, true]);
});

test('a host is left off only as long as nobody switched it on', async () => {
  expect(await hostLeftOff()).toBeUndefined();
  handOn(await linesOf(() => noteOff('master-2')));
  expect(await hostLeftOff()).toBe('master-2');
  handOn(await linesOf(() => noteOff(undefined)));
  expect(await hostLeftOff()).toBeUndefined();
});

test('a command that outlived its step is waited for: it may be the one that switches off', async () => {
  const running = spawn('sleep', ['1'], { detached: true, stdio: 'ignore' });
  handOn(await linesOf(() => noteOff('master-2')));
  process.env['STATE_power-command'] = String(running.pid);
  let ended = false;
  void once(running, 'exit').then(() => {
    ended = true;
  });
  expect(await hostLeftOff()).toBe('master-2');
  expect(ended).toBe(true);
});

test('the post step knows the command that runs', async () => {
  let status: number | undefined;
  const lines = await linesOf(async () => {
    ({ status } = await runPowerCommand(['true'], { timeoutMs: 10_000 }));
  });
  expect(status).toBe(0);
  expect(lines).toEqual([expect.stringMatching(/^::save-state name=power-command::[1-9]\d*$/)]);
});

test('poweroff needs a command, and other faults none', async () => {
  await expect(withInputs({}, () => powerCommands(true))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  expect(await withInputs({}, () => powerCommands(false))).toEqual({ powerCommand: '' });
  const inputs = { 'power-command': 'unplug {host}', 'restore-command': 'plug {host}' };
  expect(await withInputs(inputs, () => powerCommands(true))).toEqual({
    powerCommand: 'unplug {host}',
    restoreCommand: 'plug {host}',
  });
});
