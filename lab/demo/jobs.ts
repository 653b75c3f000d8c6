import type { JobResult } from '../workflow/act-log.ts';
import { secondsOf } from './parts.ts';

/** The time of each job that ran, in the order of their start. */
export function jobTable(jobs: readonly JobResult[]): readonly string[] {
  const ran = jobs.filter(({ status }) => status !== 'skipped');
  const rows = ran.map(
    (job) => `${job.id.padEnd(17)} ${hostsOf(job).padEnd(12)} ${secondsOf(job.milliseconds)}${word(job)}`,
  );
  return [`${'job'.padEnd(17)} ${'host'.padEnd(12)} seconds`, ...rows];
}

/** A job of a matrix is for one host, or for several. */
function hostsOf({ matrix }: JobResult): string {
  return Object.values(matrix).join(' ');
}

function word({ status }: JobResult): string {
  return status === 'success' ? '' : `   ${status}`;
}

/** Whether a job's line is useful for a user who watches all jobs at once: finished phases, changes, and failures. */
export function isTelling(text: string): boolean {
  return /^(error|warning|job): /.test(text) || isPhase(text) || /\d+ changes, \d+ restarts/.test(text);
}

/** Whether the line reports the time of a phase. */
export function isPhase(text: string): boolean {
  return /^[A-Z][^:]*: [\d.]+ m?s$/.test(text);
}
