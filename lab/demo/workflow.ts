import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateX25519Identity } from 'age-encryption';
import { LabError } from '../error.ts';
import type { Lab } from '../lab.ts';
import { powerCommandOf } from '../power-command.ts';
import { runWorkflow, type WorkflowRun } from '../workflow/act.ts';
import { rebuildOptions } from '../workflow/rebuild.ts';
import { ResultsStore } from '../workflow/results-store.ts';
import { isTelling, jobTable } from './jobs.ts';
import type { Parts } from './parts.ts';
import { reportFile, summaryFile } from './places.ts';
import { showMetrics, showWorkload } from './showing.ts';
import { say } from './terminal.ts';

/** GitHub's number of a workflow run; always the same, so that a demo that was killed does not block the next one. */
const runId = '1';

/** Deploys the cluster with the workflow, one job per host. Returns whether it already matched its file. */
export async function demoWorkflow(lab: Lab, parts: Parts): Promise<boolean> {
  // The failover comes last in the workflow: a lab with its report has completed all of it.
  const again = existsSync(reportFile(lab));
  const title = again ? 'The workflow' : 'The workflow, failover included';
  const run = await parts.run(
    title,
    () => workflow(lab, again ? 'none' : 'poweroff'),
    ({ jobs }) => jobTable(jobs),
  );
  keepSummary(lab, run);
  if (!again) keepReport(lab);
  const kubectl = await parts.run('A workload', () => showWorkload(lab));
  if (again) return found(run) === 0;
  await parts.run('The same workflow again', () => workflow(lab, 'none'));
  await parts.run('Metrics', () => showMetrics(kubectl));
  return false;
}

async function workflow(lab: Lab, fault: string): Promise<WorkflowRun> {
  const folder = runFolder(lab);
  rmSync(folder, { recursive: true, force: true });
  // The key is created for this run only; in a repository it is a secret that is created once.
  const options = rebuildOptions(lab, await generateX25519Identity());
  const run = await runWorkflow(lab, {
    ...options,
    ...{ folder, runId },
    inputs: { ...options.inputs, fault, target: 'master-1' },
    secrets: { ...options.secrets, POWER_COMMAND: powerCommandOf(lab) },
    onLine: ({ job, text }) => {
      if (isTelling(text)) say(`${job.padEnd(16)} ${text}`);
    },
  });
  if (run.success) return run;
  keepSummary(lab, run);
  for (const line of jobTable(run.jobs)) say(line);
  throw new LabError('the workflow failed', {
    hint: `The lines above and ${summaryFile(lab)} say why. Fix the cause and run the demo again.`,
  });
}

/** The page is an artifact of the run, as on GitHub. */
function keepReport(lab: Lab): void {
  const store = new ResultsStore(join(runFolder(lab), 'artifacts'));
  const page = store.ofRun(runId).find(({ name }) => name.endsWith('.html'));
  const bytes = page && store.read(page.id);
  if (!bytes) throw new LabError('the run left no report of its failover');
  writeFileSync(reportFile(lab), bytes);
}

/** In the order in which the jobs ended, as on GitHub. */
function keepSummary(lab: Lab, { jobs }: WorkflowRun): void {
  const ended = jobs.toSorted((one, other) => one.ended - other.ended);
  const texts = ended.map(({ summary }) => summary).filter(Boolean);
  writeFileSync(summaryFile(lab), texts.join('\n'));
}

/** The changes that the plan found, before any of them was made. */
function found({ jobs }: WorkflowRun): number {
  return Number(jobs.find(({ id }) => id === 'plan')?.outputs['plan.changed']);
}

/** All files of the last run: its workspaces, temporary files and artifacts. */
function runFolder(lab: Lab): string {
  return join(lab.stateDir, 'workflow');
}
