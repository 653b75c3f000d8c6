import { describeProblem } from '../errors.ts';
import type { Run } from '../phases/run.ts';
import { failWith } from './annotations.ts';
import { endWhenCancelled } from './cancellation.ts';
import type { JobHandoff } from './job-handoff.ts';
import { duration } from './log.ts';
import { info, setOutput, warning } from './runner.ts';
import { takeSecretInputs } from './secret-inputs.ts';
import { summaryOf, writeSummary } from './summary.ts';
import { requireLinux } from './supported-system.ts';

/**
 * Runs an action. Every error becomes annotations and a failed step, also an error that no caller catches.
 */
export async function runAction(work: () => Promise<void>): Promise<void> {
  // Work without clean-up of its own ends at once: the locks of hosts go with the connections.
  endWhenCancelled(endFailed);
  process.on('uncaughtException', endFailed);
  process.on('unhandledRejection', endFailed);
  try {
    takeSecretInputs();
    requireLinux(process.platform);
    await work();
  } catch (error) {
    failWith(error);
  }
  // An open agent or forwarded stream must not keep a finished step alive.
  process.exit();
}

/** Node would print an uncaught error unfiltered, with texts of hosts in it. */
function endFailed(why: unknown): never {
  try {
    failWith(why);
  } finally {
    process.exit(1);
  }
}

/** Writes outputs, a closing line and the job summary of a run that changes hosts, also for a failed run. */
export async function reportRun(title: string, run: Run): Promise<void> {
  const changes = run.results.flatMap((result) => result.changes);
  const changed = run.results.filter((result) => result.changes.length > 0).map((result) => result.host);
  const restarted = run.results.flatMap((result) => result.restarted.map((unit) => `${result.host}/${unit}`));
  const milliseconds = run.timings.reduce((sum, timing) => sum + timing.milliseconds, 0);
  setOutput('changed', String(changes.length + run.objects.length));
  setOutput('changed-hosts', [...new Set(changed)]);
  setOutput('restarted', restarted);
  setOutput('seconds', (milliseconds / 1000).toFixed(1));
  info(
    `${title}${run.dryRun ? ' (dry run)' : ''}: ${changes.length} changes, ${restarted.length} restarts, ` +
      `${run.objects.length} objects changed, ${duration(milliseconds)}`,
  );
  await writeSummary(summaryOf(title, run));
}

/**
 * Runs `work` and reports the run whether it succeeded or not; the first error is kept.
 * @param jobs stores this job's report for the gate.
 */
export async function reporting(
  title: string,
  run: Run,
  work: () => Promise<void>,
  jobs?: Pick<JobHandoff, 'leave'>,
): Promise<void> {
  let failure: unknown;
  try {
    await work();
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    await orWarn('the summary of the run could not be written', () => reportRun(title, run));
    await orWarn(
      'the report of this job for the gate could not be written',
      async () => await jobs?.leave(run, failure),
    );
  }
}

/** A failed report must not hide the result of the run itself. */
async function orWarn(what: string, tell: () => Promise<void>): Promise<void> {
  await tell().catch((error: unknown) => warning(`${what}: ${describeProblem(error)}`));
}
