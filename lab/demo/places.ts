import { join } from 'node:path';
import type { Lab } from '../lab.ts';

/** The page about the failover; it is deleted with the lab. */
export function reportFile(lab: Pick<Lab, 'stateDir'>): string {
  return join(lab.stateDir, 'report.html');
}

/** The page of the workflow's run: the summaries of its jobs. */
export function summaryFile(lab: Pick<Lab, 'stateDir'>): string {
  return join(lab.stateDir, 'summary.md');
}
