import { runWorkflow, type WorkflowOptions, type WorkflowRun } from '../../lab/workflow/act.ts';
import type { JobResult } from '../../lab/workflow/act-log.ts';
import { rebuildOptions } from '../../lab/workflow/rebuild.ts';
import { lab } from './seed-lab.ts';

/** Runs examples/rebuild.yml on the shared lab, with bundles encrypted for an age identity. */
export function rebuild(identity: string, options: Partial<WorkflowOptions> = {}): Promise<WorkflowRun> {
  return runWorkflow(lab, { ...rebuildOptions(lab, identity), ...options });
}

/** The result by job and host: `etcd one` → success. */
export function results({ jobs }: WorkflowRun): Readonly<Record<string, string>> {
  return Object.fromEntries(jobs.map(({ id, matrix, status }) => [[id, ...Object.values(matrix)].join(' '), status]));
}

/** The text that a user would read of all jobs, one after the other. */
export function logOf({ jobs }: Pick<WorkflowRun, 'jobs'>): string {
  return jobs
    .map(({ id, lines, annotations }) => [id, ...lines, ...annotations.map((each) => each.message)].join('\n'))
    .join('\n');
}

/** The whole of a run that succeeded, to compare with; when it did not, what the failed jobs say, so that a report of tests has room for it. */
export function outcomeOf(run: WorkflowRun): readonly [Readonly<Record<string, string>>, true | string] {
  return [results(run), run.success || logOf({ jobs: run.jobs.filter(hasFailed).map(lastLines) })];
}

const hasFailed = ({ status }: JobResult): boolean => status !== 'success' && status !== 'skipped';
const lastLines = (job: JobResult): JobResult => ({ ...job, lines: job.lines.slice(-60) });
