import type { Row } from './gate-row.ts';
import { duration } from './log.ts';

/** The gate's row of a job for all hosts, from the job's outputs. Pure. */
export function clusterJobRow(
  job: string,
  result: Row['result'],
  outputs: Readonly<Record<string, string>> | null | undefined,
): Row {
  const row = { job, host: '', result, changes: 0, restarts: 0 };
  // A job that did not run has no outputs.
  if (result === 'skipped' || !outputs) return row;
  const { changed, seconds } = outputs;
  const note = job === 'plan' ? planNote(changed) : failoverNote(outputs);
  return {
    ...row,
    // A plan counts changes that are not made yet.
    changes: job === 'plan' ? 0 : Number(changed || 0),
    ...(seconds ? { milliseconds: Number(seconds) * 1000 } : {}),
    ...(note ? { note } : {}),
  };
}

function planNote(changed: string | undefined): string {
  if (!changed) return '';
  return changed === '0' ? 'found nothing to change' : `found ${changed} changes to make`;
}

function failoverNote(outputs: Readonly<Record<string, string>>): string {
  const { leader, report } = outputs;
  const transfer = outputs['transfer-ms'];
  const failed = outputs['failed-requests'];
  return [
    ...(transfer ? [`leases moved after ${duration(Number(transfer))}`] : []),
    ...(leader ? [`${leader} leads`] : []),
    ...(failed ? [`${failed} requests failed`] : []),
    ...(report ? [`artifact ${report}`] : []),
  ].join(', ');
}
