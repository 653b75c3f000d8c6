import { setTimeout as sleep } from 'node:timers/promises';
import { exec } from '@actions/exec';

/** Time between the request to end and SIGKILL. */
const graceMs = 2000;
/** The same when the run is cancelled: GitHub kills this process soon. */
const cancelledGraceMs = 1000;
/** The last part of its output is kept. */
const mostText = 10_000;

/** Prints its process id, which is also that of the program and of its process group. */
const inOwnGroup = 'echo $$ && exec setsid "$@" >/dev/null';

export interface CommandOptions {
  readonly timeoutMs: number;
  /** The complete environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  /** Called with the program's process group. */
  readonly onStart?: (group: number) => void;
  /** Ends the program and all its children. Default: a cancelled run does not end it. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a user's program on the runner without a shell; its stderr is kept for errors. After `timeoutMs`, it and all its children are
 * ended, and the status is 124, like timeout(1).
 *
 * It gets its own process group, so that it can be ended, and so that a signal that cancels the run does not reach it: half a power
 * switch is worse than a complete one. @actions/exec has no option for this.
 */
export async function runCommand(
  argv: readonly string[],
  { timeoutMs, env, onStart, signal }: CommandOptions,
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
      if (signal?.aborted) signalGroup(group, 'SIGTERM');
    },
    stderr: (data: Buffer) => say(data.toString()),
  };
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    say(`\nno end after ${timeoutMs / 1000} s`);
    signalGroup(group, 'SIGTERM');
  }, timeoutMs);
  let last = setTimeout(() => signalGroup(group, 'SIGKILL'), timeoutMs + graceMs);
  const cancel = () => {
    signalGroup(group, 'SIGTERM');
    clearTimeout(last);
    last = setTimeout(() => signalGroup(group, 'SIGKILL'), cancelledGraceMs);
  };
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    // `delay`: a background process may keep its stderr open; only the end of the program itself counts.
    const options = { env, ignoreReturnCode: true, silent: true, delay: 500, listeners };
    const status = await exec('sh', ['-c', inOwnGroup, 'sh', ...argv], options);
    // The group leader may have ended while its children still run.
    if (late || signal?.aborted) signalGroup(group, 'SIGKILL');
    return { status: late ? 124 : status, stderr };
  } finally {
    clearTimeout(limit);
    clearTimeout(last);
    signal?.removeEventListener('abort', cancel);
  }
}

/** False if the group has no process left. */
function signalGroup(leader: number | undefined, signal: NodeJS.Signals | 0): boolean {
  try {
    return leader !== undefined && process.kill(-leader, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Waits, with a limit, for the end of a command that outlived the process that started it. */
export async function commandEnded(group: number, timeoutMs: number): Promise<void> {
  for (const end = performance.now() + timeoutMs; performance.now() < end && signalGroup(group, 0); ) await sleep(100);
}
