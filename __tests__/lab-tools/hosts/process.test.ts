import { spawn } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { must, run } from '../../../lab/command.ts';
import { isAlive, type ProcessRecord, recordOf, signal, waitForEnd } from '../../../lab/process.ts';

function startSleeper(): ProcessRecord {
  const { pid = 0 } = spawn('sleep', ['60'], { stdio: 'ignore' });
  return recordOf(pid) ?? { pid: 0, startTime: 0 };
}

describe('a recorded process', () => {
  test('is ended, and then known to be gone', async () => {
    const sleeper = startSleeper();
    expect(isAlive(sleeper)).toBe(true);
    expect(signal(sleeper, 'SIGKILL')).toBe(true);
    expect(await waitForEnd(sleeper, 5_000)).toBe(true);
    expect(signal(sleeper, 'SIGKILL')).toBe(false);
  });

  test('is never taken for another that has its number by now', () => {
    const sleeper = startSleeper();
    const earlier = { ...sleeper, startTime: sleeper.startTime - 1 };
    expect(isAlive(earlier)).toBe(false);
    expect(signal(earlier, 'SIGKILL')).toBe(false);
    expect(isAlive(sleeper)).toBe(true);
    signal(sleeper, 'SIGKILL');
  });
});

describe('a command', () => {
  test('passes on status, output and input', async () => {
    const result = await run(['sh', '-c', 'cat; echo err >&2; exit 7'], { input: 'in' });
    expect(result).toEqual({ status: 7, stdout: 'in', stderr: 'err\n' });
  });

  test('that dies by a signal has the status a shell would give it', async () => {
    expect((await run(['sh', '-c', 'kill -9 $$'])).status).toBe(137);
  });

  test('whose time is over ends at once, though another process keeps its pipes open', async () => {
    const began = performance.now();
    const result = await run(['sh', '-c', 'sleep 20 & echo begun; sleep 20'], { timeout: 300 });
    expect(result).toEqual({ status: 137, stdout: 'begun\n', stderr: '' });
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('that has to succeed fails with its last words', async () => {
    await expect(must(['sh', '-c', 'echo why >&2; exit 3'])).rejects.toThrow(/exit status 3.*why/);
  });

  test('that is not there is named', async () => {
    await expect(run(['no-such-program-here'])).rejects.toThrow('no-such-program-here: there is no such program');
  });
});
