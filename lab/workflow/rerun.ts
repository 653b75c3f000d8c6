import type { JobResult } from './act-log.ts';
import { type LocalForm, needsOf } from './local-form.ts';

/** The jobs of a second attempt, as GitHub's "Re-run failed jobs" chooses them. */
export type RerunForm = Pick<LocalForm, 'passed' | 'legs'>;

/**
 * Failed jobs run again (of a matrix only its failed legs), and so do all jobs that need them; a job that passed
 * is not run again and keeps its outputs.
 *
 * @param texts the workflow and the workflows that it calls.
 * @param chosen a job that is run again, with all its legs, instead of the failed ones, like its own button.
 */
export function rerunForm(jobs: readonly JobResult[], texts: readonly string[], chosen?: string): RerunForm {
  const failed = new Set(jobs.filter((job) => (chosen ? job.id === chosen : isBroken(job))).map(({ id }) => id));
  const needs = new Map(texts.flatMap((text) => [...needsOf(text)]));
  const after = (id: string): boolean => (needs.get(id) ?? []).some((other) => failed.has(other) || after(other));
  const passed = new Map<string, Readonly<Record<string, string>>>();
  const legs = new Map<string, readonly string[]>();
  for (const { id, outputs, status } of jobs) {
    if (status !== 'success' || failed.has(id) || after(id)) continue;
    passed.set(id, jobOutputs(outputs));
  }
  for (const id of chosen ? [] : failed) {
    const broken = jobs
      .filter((job) => job.id === id && job.status !== 'success')
      .flatMap(({ matrix }) => Object.values(matrix));
    if (broken.length > 0 && !after(id)) legs.set(id, broken);
  }
  return { passed, legs };
}

function isBroken({ status }: JobResult): boolean {
  return status === 'failure' || status === 'cancelled' || status === 'unfinished';
}

/** Our jobs pass a step's output on with the same name. */
function jobOutputs(outputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name.slice(name.indexOf('.') + 1), value]));
}
