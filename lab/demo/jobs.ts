import type { JobResult } from '../workflow/act-log.ts';
import { secondsOf } from './parts.ts';

/** The time of each job that ran, in the order in which they began. */
export function jobTable(jobs: readonly JobResult[]): readonly string[] {
  const ran = jobs.filter(({ status }) => status !== 'skipped');
  const rows = ran.map(
    (job) => `${job.id.padEnd(17)} ${hostsOf(job).padEnd(12)} ${secondsOf(job.milliseconds)}${word(job)}`,
  );
  return [`${'job'.padEnd(17)} ${'host'.padEnd(12)} seconds`, ...rows];
}

/** A job of a matrix is for a host, or for several. */
function hostsOf({ matrix }: JobResult): string {
  return Object.values(matrix).join(' ');
}

function word({ status }: JobResult): string {
  return status === 'success' ? '' : `   ${status}`;
}

/** Whether a job's line is for somebody who watches all of them at once: phases as they end, what was done, and what went wrong. */
export function isTelling(text: string): boolean {
  return /^(error|warning|job): /.test(text) || isPhase(text) || /\d+ changes, \d+ restarts/.test(text);
}

/** Whether it is the line in which a log says how long a phase took. */
export function isPhase(text: string): boolean {
  return /^[A-Z][^:]*: [\d.]+ m?s$/.test(text);
}
