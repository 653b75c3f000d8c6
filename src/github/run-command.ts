import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** For a program that was asked to end, before it is made to. */
const graceMs = 2000;
/** Of what it says, the end is kept. */
const mostText = 10_000;

/**
 * Runs a user's program on the runner without a shell; what it says on stderr is kept for errors, and none of its secrets are
 * ours. After `timeoutMs` it is ended with all that it started, and the status is 124, as timeout(1) has it.
 *
 * It has a process group of its own (so not by @actions/exec, which has none and ends nothing): a signal that cancels the
 * run does not meet it, since half of a switch of power is worse than all of it.
 */
export async function runCommand(
  argv: readonly string[],
  { timeoutMs, onStart }: { readonly timeoutMs: number; readonly onStart?: (group: number) => void },
): Promise<{ readonly status: number; readonly stderr: string }> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  if (child.pid !== undefined) onStart?.(child.pid);
  let stderr = '';
  const say = (text: string) => {
    stderr = (stderr + text).slice(-mostText);
  };
  child.stderr.setEncoding('utf8').on('data', say);
  const ended = Promise.withResolvers<number>();
  child.once('error', (error) => {
    say(error.message);
    ended.resolve(127);
  });
  child.once('close', (code, signal) => ended.resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  // What it leaves running in the background may hold its stderr for ever: its own end is what counts.
  child.once('exit', (code) => setTimeout(() => ended.resolve(code ?? 1), 500).unref());
  let late = false;
  const end = (signal: NodeJS.Signals) => signalGroup(child.pid, signal);
  const limit = setTimeout(() => {
    late = true;
    say(`\nno end after ${timeoutMs / 1000} s`);
    end('SIGTERM');
  }, timeoutMs);
  const last = setTimeout(() => end('SIGKILL'), timeoutMs + graceMs);
  const status = await ended.promise;
  clearTimeout(limit);
  // Its leader may have ended by now, and what it had started not.
  if (late) end('SIGKILL');
  clearTimeout(last);
  return { status: late ? 124 : status, stderr };
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
