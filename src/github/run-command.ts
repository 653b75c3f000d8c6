import { setTimeout as sleep } from 'node:timers/promises';
import { exec } from '@actions/exec';

/** For a program that was asked to end, before it is made to. */
const graceMs = 2000;
/** Of what it says, the end is kept. */
const mostText = 10_000;

/** Tells its process id, which stays that of the program and of the process group that the program gets. */
const inOwnGroup = 'echo $$ && exec setsid "$@" >/dev/null';

export interface CommandOptions {
  readonly timeoutMs: number;
  /** All of the program's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Is given the program's process group. */
  readonly onStart?: (group: number) => void;
}

/**
 * Runs a user's program on the runner, its arguments as they are; what it says on stderr is kept for errors. After `timeoutMs` it is ended with all that it started, and the status is 124, as timeout(1) has it.
 *
 * It has a process group of its own, which @actions/exec has no option for: so that it can be ended, and so that a signal that
 * cancels the run does not meet it, since half of a switch of power is worse than all of it.
 */
export async function runCommand(
  argv: readonly string[],
  { timeoutMs, env, onStart }: CommandOptions,
): Promise<{ readonly status: number; readonly stderr: string }> {
  let group: number | undefined;
  let stderr = '';
  const say = (text: string) => {
    stderr = (stderr + text).slice(-mostText);
  };
  const listeners = {
    stdline: (line: string) => {
      group = Number(line);
      onStart?.(group);
    },
    stderr: (data: Buffer) => say(data.toString()),
  };
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    say(`\nno end after ${timeoutMs / 1000} s`);
    signalGroup(group, 'SIGTERM');
  }, timeoutMs);
  const last = setTimeout(() => signalGroup(group, 'SIGKILL'), timeoutMs + graceMs);
  try {
    // `delay`: what it leaves running in the background may hold its stderr for ever; its own end is what counts.
    const options = { env, ignoreReturnCode: true, silent: true, delay: 500, listeners };
    const status = await exec('sh', ['-c', inOwnGroup, 'sh', ...argv], options);
    // Its leader may have ended by now, and what it had started not.
    if (late) signalGroup(group, 'SIGKILL');
    return { status: late ? 124 : status, stderr };
  } finally {
    clearTimeout(limit);
    clearTimeout(last);
  }
}

/** False when nobody is left in the group. */
function signalGroup(leader: number | undefined, signal: NodeJS.Signals | 0): boolean {
  try {
    return leader !== undefined && process.kill(-leader, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Waits for the end of a command that outlived the process that started it; not for ever. */
export async function commandEnded(group: number, timeoutMs: number): Promise<void> {
  for (const end = performance.now() + timeoutMs; performance.now() < end && signalGroup(group, 0); ) await sleep(100);
}
