import * as z from 'zod';
import { Problem } from '../errors.ts';
import { roles } from '../layout/roles.ts';
import type { Row } from './gate-row.ts';
import type { JobReport } from './reports.ts';
import { wholeRow } from './whole-job.ts';

/** The roles whose jobs are matrices. */
export const matrixRoles = roles;

const jobOrder: readonly string[] = ['plan', 'pki', ...matrixRoles, 'addons', 'verify-failover'];

const needsSchema = z.record(
  z.string(),
  z.object({ result: z.string(), outputs: z.record(z.string(), z.string()).nullish() }),
);

/** `toJSON(needs)`: by job, its result and its outputs. */
export type Needs = z.output<typeof needsSchema>;

/** @throws Problem INPUT_INVALID. */
export function readNeeds(text: string): Needs {
  const { data } = needsSchema.safeParse(parsed(text));
  if (data) return data;
  const hint = 'write needs: ${{ toJSON(needs) }}';
  throw new Problem('the input needs is not what toJSON(needs) gives', { code: 'INPUT_INVALID', hint });
}

/** The entries of a role's matrix, as the plan job gave them. */
export function entriesOf(needs: Needs, role: string): readonly string[] {
  const list = parsed(needs.plan?.outputs?.[role] ?? '[]');
  return Array.isArray(list) ? list.map(String) : [];
}

/**
 * What became of each host in each role, and of the jobs that are for all hosts; pure.
 * @param reports by role, for those whose jobs began.
 */
export function rowsOf(
  needs: Needs,
  reports: ReadonlyMap<string, ReadonlyMap<string, JobReport | undefined>>,
): readonly Row[] {
  return inOrder(needs).flatMap(([job, need]): readonly Row[] => {
    const entries = reports.get(job);
    if (!entries) return [wholeRow(job, resultOf(need.result), need.outputs)];
    return [...entries].flatMap(([entry, report]) => hostRows(job, entry, report, need.result === 'success'));
  });
}

/** The jobs as the workflow has them; GitHub names them in an order of its own. */
function inOrder(needs: Needs): readonly (readonly [string, Needs[string]])[] {
  const place = (job: string): number => jobOrder.indexOf(job) + 1 || jobOrder.length + 1;
  return Object.entries(needs).toSorted(([one], [other]) => place(one) - place(other));
}

/**
 * @param passed GitHub says that all of the job's legs succeeded. A report of a failure is of an earlier attempt then, and
 *   one that is missing has expired or never came.
 */
function hostRows(job: string, entry: string, latest: JobReport | undefined, passed: boolean): readonly Row[] {
  const report = passed && latest?.outcome === 'failure' ? undefined : latest;
  if (!report) return entry.split(',').map((host) => unheardOf(job, host, passed));
  // Of several hosts in one job those without a problem of their own are as they should be.
  const blamed = report.hosts.some(({ problem }) => problem !== undefined);
  return report.hosts.map(({ host, ...rest }) => {
    const failed = report.outcome === 'failure' && (!blamed || rest.problem !== undefined);
    return { job, host, result: failed ? 'failure' : 'success', ...rest };
  });
}

function unheardOf(job: string, host: string, passed: boolean): Row {
  const nothing = { job, host, changes: 0, restarts: 0 };
  return passed
    ? { ...nothing, result: 'success', problem: 'there is no report of what it changed' }
    : { ...nothing, result: 'lost' };
}

function resultOf(text: string): Row['result'] {
  return text === 'success' || text === 'skipped' || text === 'cancelled' ? text : 'failure';
}

/** Whether it is not as it should be. */
export function isBroken({ result }: Row): boolean {
  return result !== 'success' && result !== 'skipped';
}

/** One problem for each thing that went wrong; none when the gate is open. */
export function problemsAtGate(needs: Needs, rows: readonly Row[]): readonly Problem[] {
  const broken = rows.filter(isBroken);
  const told = new Set(broken.map(({ job }) => job));
  // GitHub's own word for the job counts too: a job that was lost while it ran again has an old, good report.
  const untold = Object.entries(needs).filter(
    ([job, { result }]) => /^(failure|cancelled)$/.test(result) && !told.has(job),
  );
  return [
    ...broken.map((row) => closed(`the ${row.job} job ${wordOf(row)}`, row.host)),
    ...untold.map(([job, { result }]) => closed(`one of the ${job} jobs ended as ${result} without a word`, '')),
  ];
}

function wordOf({ result, problem }: Row): string {
  if (result === 'cancelled') return 'was cancelled';
  if (result === 'lost')
    return 'ended without a word: it failed early, was cancelled, ran out of time, or lost its runner';
  return problem ? `failed: ${problem.split('\n')[0]}` : 'failed';
}

function closed(message: string, host: string): Problem {
  const hint = 'the log of that job says more; mend it and choose "Re-run failed jobs"';
  return new Problem(message, { code: 'GATE_CLOSED', hint, ...(host ? { host } : {}) });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
