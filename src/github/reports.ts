import pLimit from 'p-limit';
import { describeProblem, Problem, problemsOf } from '../errors.ts';
import type { Run } from '../phases/run.ts';
import { downloadArtifact, uploadArtifact } from './artifact-client.ts';

/** What a job did on one of its hosts. */
export interface HostReport {
  readonly host: string;
  readonly changes: number;
  readonly restarts: number;
  readonly milliseconds: number;
  /** Why it failed, as the job's own log has it. */
  readonly problem?: string;
}

/** What one job of a matrix leaves for the gate: no secrets, since an artifact can be read by all who see the run. */
export interface JobReport {
  readonly role: string;
  readonly outcome: 'success' | 'failure';
  /** Of the run: a report of an earlier one stands for a job that was not run again. */
  readonly attempt: number;
  readonly hosts: readonly HostReport[];
}

/** The report of a job for hosts of one role; nothing for a job that is for all hosts. Pure. */
export function reportOf(run: Run, error: unknown, attempt: number): JobReport | undefined {
  const [[role, hosts] = [undefined, []], ...more] = run.targets;
  if (!role || more.length > 0) return undefined;
  const problems = error === undefined ? [] : problemsOf(error);
  return {
    role,
    outcome: error === undefined ? 'success' : 'failure',
    attempt,
    hosts: hosts.map(({ name }) => {
      const results = run.results.filter((result) => result.host === name);
      // One without a host is about all of them.
      const own = problems.find((each) => !(each instanceof Problem) || (each.fields.host ?? name) === name);
      return {
        host: name,
        changes: results.reduce((sum, { changes }) => sum + changes.length, 0),
        restarts: results.reduce((sum, { restarted }) => sum + restarted.length, 0),
        milliseconds: results.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
        ...(own === undefined ? {} : { problem: describeProblem(own) }),
      };
    }),
  };
}

/** A job's artifact is told by the first of its hosts. */
function reportName(cluster: string, role: string, host: string): string {
  return `k8s-ha-report-${cluster}-${role}-${host}.json`;
}

/** Uploads a report; one of an earlier attempt is replaced. */
export async function leaveReport(cluster: string, report: JobReport): Promise<void> {
  const name = reportName(cluster, report.role, report.hosts[0]?.host ?? '');
  await uploadArtifact(name, Buffer.from(`${JSON.stringify(report)}\n`));
}

/**
 * The report of each entry of a role's matrix; nothing for a job that ended without a word.
 * @param entries hosts' names, several of a job separated by commas.
 */
export async function gatherReports(
  cluster: string,
  role: string,
  entries: readonly string[],
): Promise<ReadonlyMap<string, JobReport | undefined>> {
  const limit = pLimit(8);
  const gathered = await Promise.all(
    entries.map((entry) =>
      limit(async (): Promise<[string, JobReport | undefined]> => {
        const name = reportName(cluster, role, entry.split(',')[0] ?? '');
        return [entry, await readReport(name)];
      }),
    ),
  );
  return new Map(gathered);
}

async function readReport(name: string): Promise<JobReport | undefined> {
  try {
    return JSON.parse(Buffer.from(await downloadArtifact(name)).toString());
  } catch (error) {
    if (error instanceof Problem && error.code === 'ARTIFACT_MISSING') return undefined;
    throw error;
  }
}
