import pLimit from 'p-limit';
import * as z from 'zod';
import { parseJson } from '../entry/json.ts';
import { describeProblem, Problem, problemsOf } from '../errors.ts';
import { redact } from '../host/redact.ts';
import { roles } from '../layout/roles.ts';
import type { Run } from '../phases/run.ts';
import { downloadArtifact, uploadArtifact } from './artifact-client.ts';
import { published, warning } from './runner.ts';

/** Of a report: a job's hosts are a few hundred at most. */
const mostBytes = 1024 * 1024;
/** Of a problem in it. */
const mostWords = 16_384;

const count = z.number().min(0);
const hostReport = z.object({
  host: z.string().max(253),
  changes: count,
  restarts: count,
  milliseconds: count,
  /** Why it failed, as the job's own log has it. */
  problem: z.string().max(mostWords).exactOptional(),
});
const reportSchema = z.object({
  role: z.enum(roles),
  outcome: z.enum(['success', 'failure']),
  /** Of the run: a report of an earlier one stands for a job that was not run again. */
  attempt: count,
  hosts: z.array(hostReport).max(10_000).readonly(),
});

/** What one job of a matrix leaves for the gate: no secrets, since an artifact can be read by all who see the run. */
export type JobReport = Readonly<z.output<typeof reportSchema>>;

/** The report of a job for hosts of one role; nothing for a job that is for all hosts. Pure. */
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

/** A problem without a host is about all of them, and so is one of a host that they need: a master that nobody reaches. */
function concerns(problem: unknown, name: string, names: readonly string[]): boolean {
  const { host } = problem instanceof Problem ? problem.fields : {};
  return host === undefined || host === name || !names.includes(host);
}

/** A job's artifact is told by the first of its hosts. */
function reportName(cluster: string, role: string, host: string): string {
  return `k8s-ha-report-${cluster}-${role}-${host}.json`;
}

/** Uploads a report; one of an earlier attempt is replaced. */
export async function leaveReport(cluster: string, report: JobReport): Promise<void> {
  const name = reportName(cluster, report.role, report.hosts[0]?.host ?? '');
  await uploadArtifact(name, Buffer.from(published(`${JSON.stringify(report)}\n`)));
}

/**
 * The report of each entry of a role's matrix; nothing for a job that ended without a word, or whose report is spoilt: the
 * gate has to tell of the others all the same.
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
  const refuse = () => new Problem(`the artifact ${name} is no report`, { code: 'ARTIFACT_NONSENSE', hint });
  const { data } = reportSchema.safeParse(parseJson(text, refuse));
  if (!data) throw refuse();
  return data;
}
