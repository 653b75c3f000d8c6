import * as z from 'zod';
import { Problem } from '../errors.ts';
import { roles } from '../layout/roles.ts';
import { clusterJobRow } from './cluster-job.ts';
import type { Row } from './gate-row.ts';
import type { JobReport } from './reports.ts';

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
  const hint = 'Write needs: ${{ toJSON(needs) }}.';
  throw new Problem('the input needs is not the output of toJSON(needs)', { code: 'INPUT_INVALID', hint });
}

/** The entries of a role's matrix, from the plan job's outputs. */
export function entriesOf(needs: Needs, role: string): readonly string[] {
  const list = parsed(needs.plan?.outputs?.[role] ?? '[]');
  return Array.isArray(list) ? list.map(String) : [];
}

/**
 * The result of each host in each role, and of the jobs for all hosts. Pure.
 * @param reports by role, for roles whose jobs started.
 */
export function rowsOf(
  needs: Needs,
  reports: ReadonlyMap<string, ReadonlyMap<string, JobReport | undefined>>,
): readonly Row[] {
  return inOrder(needs).flatMap(([job, need]): readonly Row[] => {
    const entries = reports.get(job);
    if (!entries) return [clusterJobRow(job, resultOf(need.result), need.outputs)];
    return [...entries].flatMap(([entry, report]) => hostRows(job, entry, report, need.result === 'success'));
  });
}

/** The jobs in the workflow's order; GitHub's order differs. */
function inOrder(needs: Needs): readonly (readonly [string, Needs[string]])[] {
  const place = (job: string): number => jobOrder.indexOf(job) + 1 || jobOrder.length + 1;
  return Object.entries(needs).toSorted(([one], [other]) => place(one) - place(other));
}

/**
 * @param passed GitHub says that the job succeeded for all matrix entries. Then a report of a failure is from an earlier attempt, and a
 *   missing report has expired or was never uploaded.
 */
function hostRows(job: string, entry: string, latest: JobReport | undefined, passed: boolean): readonly Row[] {
  const report = passed && latest?.outcome === 'failure' ? undefined : latest;
  if (!report) return entry.split(',').map((host) => unheardOf(job, host, passed));
  // In a job with several hosts, those without a problem succeeded.
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

/** Whether the row is a failure. */
export function isBroken({ result }: Row): boolean {
  return result !== 'success' && result !== 'skipped';
}

/** One problem per failure; empty if everything succeeded. */
export function problemsAtGate(needs: Needs, rows: readonly Row[]): readonly Problem[] {
  const broken = rows.filter(isBroken);
  const named = new Set(broken.map(({ job }) => job));
  // GitHub's result of the job counts too: a job that was lost in its second attempt has an old report of success.
  const unnamed = Object.entries(needs).filter(
    ([job, { result }]) => /^(failure|cancelled)$/.test(result) && !named.has(job),
  );
  return [
    ...droppedOutputs(needs),
    ...broken.map((row) => closed(`the ${row.job} job ${wordOf(row)}`, row.result === 'failure', row.host)),
    ...unnamed.map(([job, { result }]) =>
      closed(`one of the ${job} jobs ended as ${result} without a report`, result === 'failure'),
    ),
  ];
}

/** GitHub drops an output that contains a secret, in part; without its list of hosts a role's job is skipped. */
function droppedOutputs(needs: Needs): readonly Problem[] {
  const { result, outputs } = needs.plan ?? {};
  const dropped = matrixRoles.filter((role) => result === 'success' && needs[role] && !outputs?.[role]);
  const hint =
    'GitHub drops an output that contains a secret; the plan job has the warning "Skip output". Change the secret that is part of a host’s name.';
  return dropped.map(
    (role) =>
      new Problem(`the ${role} job has no hosts: the output ${role} of plan is missing`, { code: 'GATE_CLOSED', hint }),
  );
}

function wordOf({ result, problem }: Row): string {
  if (result === 'cancelled') return 'was cancelled';
  if (result === 'lost') return 'ended without a report: it failed early, was cancelled, timed out, or lost its runner';
  return problem ? `failed: ${problem.split('\n')[0]}` : 'failed';
}

/** @param failed false for a job that was cancelled, also by its time limit: the button for failed jobs may leave it out. */
function closed(message: string, failed: boolean, host = ''): Problem {
  const button = failed
    ? 'choose "Re-run failed jobs"'
    : 'run the job again by its own button: "Re-run failed jobs" may leave out a job that was cancelled or reached its time limit';
  const hint = `See the log of that job, fix the cause and ${button}.`;
  return new Problem(message, { code: 'GATE_CLOSED', hint, ...(host ? { host } : {}) });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
