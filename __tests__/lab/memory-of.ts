import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Follows how much memory a process has had at most. Call the result for that, in MiB. */
export function memoryOf(child: ChildProcess): () => number {
  let most = 0;
  const look = () => {
    most = Math.max(most, peakOf(child.pid ?? 0));
  };
  const timer = setInterval(look, 20);
  child.once('exit', () => clearInterval(timer));
  look();
  return () => most;
}

/** VmHWM, which never falls; 0 for a process that is gone. Source: proc(5) */
function peakOf(pid: number): number {
  try {
    const [, kib = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1024;
  } catch {
    return 0;
  }
}
