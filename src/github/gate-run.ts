import { describeProblem } from '../errors.ts';
import { removeBundles } from './artifacts.ts';
import { entriesOf, isBroken, matrixRoles, type Needs, problemsAtGate, readNeeds, rowsOf } from './gate.ts';
import type { Row } from './gate-row.ts';
import { gateSummary } from './gate-summary.ts';
import { duration } from './log.ts';
import { gatherReports } from './reports.ts';
import { getInput, group, info, setOutput, warning } from './runner.ts';
import { writeSummary } from './summary.ts';

/**
 * Reads the reports of this workflow run's jobs, summarises them per host, and fails if a job failed.
 * @throws AggregateError of Problems GATE_CLOSED; Problem INPUT_INVALID.
 */
export async function judgeJobs(): Promise<void> {
  const needs = readNeeds(getInput('needs'));
  const cluster = needs.plan?.outputs?.name ?? '';
  const begun = matrixRoles.filter((role) => needs[role] && needs[role].result !== 'skipped');
  const reports = await group('Gather the reports', () =>
    Promise.all(begun.map(async (role) => [role, await gatherReports(cluster, role, entriesOf(needs, role))] as const)),
  );
  const rows = rowsOf(needs, new Map(reports));
  for (const row of rows) info(lineOf(row));
  setOutput(
    'changed-hosts',
    hostsOf(rows, ({ changes }) => changes > 0),
  );
  setOutput('failed-hosts', hostsOf(rows, isBroken));
  await writeSummary(gateSummary(cluster, rows));
  const problems = problemsAtGate(needs, rows);
  if (problems.length > 0) throw new AggregateError(problems, `${problems.length} jobs did not succeed`);
  if (needs.pki?.result === 'success') await dropBundles(cluster, needs);
}

/** The bundles are only for this run's jobs, and all of them have passed. A failure is only a warning: bundles expire after a day. */
async function dropBundles(cluster: string, needs: Needs): Promise<void> {
  const hosts = matrixRoles.flatMap((role) => entriesOf(needs, role).flatMap((entry) => entry.split(',')));
  try {
    const deleted = await removeBundles(cluster, hosts);
    if (deleted > 0) info(`${deleted} artifacts with bundles deleted: every job has passed`);
  } catch (error) {
    warning(`the bundles of this run are not deleted, they expire within a day: ${describeProblem(error)}`);
  }
}

function hostsOf(rows: readonly Row[], wanted: (row: Row) => boolean): readonly string[] {
  return [...new Set(rows.filter((row) => row.host && wanted(row)).map(({ host }) => host))];
}

function lineOf({ job, host, result, changes, restarts, milliseconds, note }: Row): string {
  const reported = milliseconds !== undefined;
  return `${[job, host].filter(Boolean).join(' ')}: ${[
    result,
    ...(reported && host ? [`${changes} changes`, `${restarts} restarts`] : []),
    ...(reported ? [duration(milliseconds)] : []),
    ...(note ? [note] : []),
  ].join(', ')}`;
}
