import pLimit from 'p-limit';
import * as z from 'zod';
import { parseJson } from '../entry/json.ts';
import { describeProblem, Problem, problemsOf } from '../errors.ts';
import { redact } from '../host/redact.ts';
import { roles } from '../layout/roles.ts';
import type { Run } from '../phases/run.ts';
import { downloadArtifact, uploadArtifact } from './artifact-client.ts';
import { published, warning } from './runner.ts';

/** Limit of a report in bytes: a job has a few hundred hosts at most. */
const mostBytes = 1024 * 1024;
/** Limit of a problem in it. */
const mostWords = 16_384;

const count = z.number().min(0);
const hostReport = z.object({
  host: z.string().max(253),
  changes: count,
  restarts: count,
  milliseconds: count,
  /** The error, as in the job's log. */
  problem: z.string().max(mostWords).exactOptional(),
});
const reportSchema = z.object({
  role: z.enum(roles),
  outcome: z.enum(['success', 'failure']),
  /** The attempt of the run: for a job that was not repeated, the report of an earlier attempt is used. */
  attempt: count,
  hosts: z.array(hostReport).max(10_000).readonly(),
});

/** The report of one matrix job for the gate. It contains no secrets, because everyone who can see the run can read an artifact. */
export type JobReport = Readonly<z.output<typeof reportSchema>>;

/** The report of a job for hosts of one role; undefined for a job for all hosts. Pure. */
export function reportOf(run: Run, error: unknown, attempt: number): JobReport | undefined {
  const [[role, hosts] = [undefined, []], ...more] = run.targets;
  if (!role || more.length > 0) return undefined;
  const problems = error === undefined ? [] : problemsOf(error);
  const names = hosts.map(({ name }) => name);
  return {
    role,
    outcome: error === undefined ? 'success' : 'failure',
    attempt,
    hosts: hosts.map(({ name }) => {
      const results = run.results.filter((result) => result.host === name);
      const own = problems.find((each) => concerns(each, name, names));
      return {
        host: name,
        changes: results.reduce((sum, { changes }) => sum + changes.length, 0),
        restarts: results.reduce((sum, { restarted }) => sum + restarted.length, 0),
        milliseconds: results.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
        ...(own === undefined ? {} : { problem: redact(describeProblem(own)).slice(0, mostWords) }),
      };
    }),
  };
}

/** A problem without a host concerns all hosts of the job, and so does one of a host that they need, such as an unreachable master. */
function concerns(problem: unknown, name: string, names: readonly string[]): boolean {
  const { host } = problem instanceof Problem ? problem.fields : {};
  return host === undefined || host === name || !names.includes(host);
}

/** A job's artifact is named after its first host. */
function reportName(cluster: string, role: string, host: string): string {
  return `k8s-ha-report-${cluster}_${role}_${host}.json`;
}

/** Uploads a report; it replaces that of an earlier attempt. */
export async function leaveReport(cluster: string, report: JobReport): Promise<void> {
  const name = reportName(cluster, report.role, report.hosts[0]?.host ?? '');
  await uploadArtifact(name, Buffer.from(published(`${JSON.stringify(report)}\n`)));
}

/**
 * The report of each entry of a role's matrix; undefined for a job that uploaded none, or whose report is invalid: the
 * gate must still report the others.
 * @param entries host names; several hosts of one job are separated by commas.
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
    return parseReport(name, Buffer.from(await downloadArtifact(name, mostBytes)).toString());
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'ARTIFACT_UNAVAILABLE') throw error;
    if (error.code !== 'ARTIFACT_MISSING') warning(describeProblem(error));
    return undefined;
  }
}

/** @throws Problem ARTIFACT_NONSENSE */
export function parseReport(name: string, text: string): JobReport {
  const hint = 'Find out which job uploaded it: who can write artifacts of this run?';
  const refuse = () => new Problem(`the artifact ${name} is not a report`, { code: 'ARTIFACT_NONSENSE', hint });
  const { data } = reportSchema.safeParse(parseJson(text, refuse));
  if (!data) throw refuse();
  return data;
}
