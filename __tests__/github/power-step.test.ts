import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { childEnvironment } from '../../src/github/child-environment.ts';
import { isPostStep, recordPoweredOff } from '../../src/github/post-step.ts';
import { hostLeftOff, powerCommands, runPowerCommand } from '../../src/github/power-step.ts';
import { linesOf, withInputs } from './workflow-commands.ts';

delete process.env.GITHUB_STATE;

/** Passes a step's saved state to its post step, like a runner. */
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

test('a host counts as left off only until it is switched on', async () => {
  expect(await hostLeftOff()).toBeUndefined();
  handOn(await linesOf(() => recordPoweredOff('master-2')));
  expect(await hostLeftOff()).toBe('master-2');
  handOn(await linesOf(() => recordPoweredOff(undefined)));
  expect(await hostLeftOff()).toBeUndefined();
});

test('the post step waits for a command that outlived its step: it may be the one that switches off', async () => {
  const running = spawn('sleep', ['1'], { detached: true, stdio: 'ignore' });
  handOn(await linesOf(() => recordPoweredOff('master-2')));
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

describe('The environment of a power command', () => {
  const runner = {
    ...{ PATH: '/bin', HOME: '/root', LANG: 'C', LC_ALL: 'C', LC_TIME: 'C', TMPDIR: '/tmp', RUNNER_TEMP: '/tmp' },
    ...{
      ACTIONS_RUNTIME_TOKEN: 'x',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'x',
      GITHUB_TOKEN: 'x',
    },
    ...{
      'INPUT_SSH-KEY': 'x',
      INPUT_CLUSTER: 'x',
      GITHUB_OUTPUT: 'x',
      STATE_x: 'x',
      NODE_OPTIONS: 'x',
      LD_PRELOAD: 'x',
      IPMI_PASSWORD: 'x',
      HCLOUD_TOKEN: 'x',
    },
  };
  const few = ['HOME', 'LANG', 'LC_ALL', 'LC_TIME', 'PATH', 'RUNNER_TEMP', 'TMPDIR'];
  const namesWith = (named: string) =>
    withInputs({ 'power-environment': named }, () => Object.keys(childEnvironment(runner)).sort());

  test('has none of the runner’s tokens and inputs', async () => {
    expect(await namesWith('')).toEqual(few);
  });

  test('has the variables that the user names', async () => {
    expect(await namesWith('IPMI_PASSWORD, HCLOUD_TOKEN')).toEqual([
      'HCLOUD_TOKEN',
      ...few.slice(0, 1),
      'IPMI_PASSWORD',
      ...few.slice(1),
    ]);
  });

  test('is refused if a name is not set, before any host is switched off', async () => {
    await expect(
      withInputs({ 'power-environment': 'NOT_SET_ANYWHERE' }, () => powerCommands(false)),
    ).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'the input power-environment is "NOT_SET_ANYWHERE"',
    });
  });
});

test('the commands are removed from the environment', async () => {
  await withInputs(
    { 'power-command': 'unplug secret-word {host}', 'restore-command': 'plug secret-word {host}' },
    () => {
      powerCommands(true);
      expect(Object.values(process.env).filter((value) => value?.includes('secret-word'))).toEqual([]);
    },
  );
});
