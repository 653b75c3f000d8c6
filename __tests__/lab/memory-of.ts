import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Tracks the maximum memory of a process. The returned function gives it, in MiB. */
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

/** VmHWM, which never decreases; 0 for an ended process. Source: proc(5) */
function peakOf(pid: number): number {
  try {
    const [, kib = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1024;
  } catch {
    return 0;
  }
}
