import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Argv } from './command.ts';

/** A process that stays recognisable when its number has been given to another one. */
export interface ProcessRecord {
  readonly pid: number;
  /** Clock ticks from the machine's boot to the process' start. */
  readonly startTime: number;
}

function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command's name, in parentheses, may itself hold spaces and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Describes a running process; undefined when it is gone or a zombie. */
export function recordOf(pid: number): ProcessRecord | undefined {
  const fields = statFields(pid);
  if (!fields || fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return { pid, startTime: Number(fields[19]) };
}

/** Whether the very process that was recorded still runs. */
export function isAlive(record: ProcessRecord): boolean {
  return recordOf(record.pid)?.startTime === record.startTime;
}

/** Seconds since the process started. */
export function ageOf(record: ProcessRecord): number {
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return Math.max(0, uptime - record.startTime / 100);
}

/** Sends a signal to the recorded process, and to no other that has its number by now. */
export function signal(record: ProcessRecord, number: NodeJS.Signals | number): boolean {
  if (!isAlive(record)) return false;
  try {
    return process.kill(record.pid, number);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Waits until the recorded process is gone; false when the time is up first. */
export async function waitForEnd(record: ProcessRecord, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (isAlive(record)) {
    if (Date.now() >= deadline) return false;
    await sleep(20);
  }
  return true;
}

/** The direct children of a process. */
export function childrenOf(pid: number): number[] {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return list === '' ? [] : list.split(' ').map(Number);
  } catch {
    return [];
  }
}

/** Whether a process is the first one of a pid namespace of its own. */
export function isNamespaceInit(pid: number): boolean {
  try {
    const ids = /^NSpid:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]?.split(/\s+/) ?? [];
    return ids.length > 1 && ids.at(-1) === '1';
  } catch {
    return false;
  }
}

/**
 * Starts a program that outlives us, in a session of its own, writing to a log file.
 *
 * @param procsFiles the cgroup.procs files of the cgroups to enter before the program starts, so that no child of it escapes them.
 */
export function startDetached(
  argv: Argv,
  options: { log: string; procsFiles: readonly string[]; env?: NodeJS.ProcessEnv; cwd?: string },
): ProcessRecord | undefined {
  const log = openSync(options.log, 'a');
  try {
    const enter = 'n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ >"$1" || exit 126; shift; n=$((n-1)); done; exec "$@"';
    const args = ['-c', enter, 'sh', String(options.procsFiles.length), ...options.procsFiles, ...argv];
    const child = spawn('/bin/sh', args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: options.env ?? process.env,
      cwd: options.cwd ?? '/',
    });
    child.unref();
    return child.pid === undefined ? undefined : recordOf(child.pid);
  } finally {
    closeSync(log);
  }
}
