import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabPaths } from '../identity.ts';
import { processesOf } from './cgroups.ts';

/** How soon a program that was started again is found. */
const pollMs = 50;

function pidOf(paths: LabPaths, host: string, program: string): number | undefined {
  const named = ({ pid }: { readonly pid: number }) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === program;
    } catch {
      return false;
    }
  };
  return processesOf(paths, host).find(named)?.pid;
}

function isTraced(pid: number | undefined): boolean {
  return pid !== undefined && /^TracerPid:\t[1-9]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/**
 * Delays each fsync(2) and fdatasync(2) of a program on a host by this time, as on a worn or busy disk, until it is disposed of; also after a restart of
 * the program. Uses strace: all hosts share one file system here, so a limit on the disk of one host would slow the others as well.
 */
export async function slowWrites(
  paths: LabPaths,
  host: string,
  program: string,
  milliseconds: number,
): Promise<AsyncDisposable> {
  let tracer: ChildProcess | undefined;
  let ended = false;
  const trace = async (): Promise<void> => {
    while (!ended) {
      const pid = pidOf(paths, host, program);
      if (pid === undefined) {
        await sleep(pollMs);
        continue;
      }
      const calls = 'fsync,fdatasync';
      const inject = `inject=${calls}:delay_exit=${milliseconds * 1000}`;
      const argv = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', inject, '-p', String(pid)];
      tracer = spawn('strace', argv, { stdio: 'ignore' });
      // It ends with the program.
      await once(tracer, 'exit');
    }
  };
  const tracing = trace();
  while (!isTraced(pidOf(paths, host, program))) await sleep(pollMs);
  return {
    async [Symbol.asyncDispose]() {
      ended = true;
      tracer?.kill();
      await tracing;
    },
  };
}
