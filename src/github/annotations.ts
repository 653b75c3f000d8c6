import * as core from '@actions/core';
import { describeProblem, Problem, problemsOf } from '../errors.ts';

/** GitHub shows about ten annotations of a kind a step; the rest stands in the log. */
const shown = 10;

/** Ends the action as failed: each problem as an annotation on its file and line, or with its host and unit. */
export function failWith(error: unknown): void {
  const problems = problemsOf(error);
  for (const [index, problem] of problems.entries()) {
    const text = describeProblem(problem);
    if (index < shown) core.error(text, annotationOf(problem));
    else core.info(text);
    if (problem instanceof Problem) for (const line of problem.fields.detail ?? []) core.info(`    ${line}`);
    else if (problem instanceof Error) core.info(problem.stack ?? problem.message);
  }
  process.exitCode = core.ExitCode.Failure;
}

function annotationOf(problem: unknown): core.AnnotationProperties {
  if (!(problem instanceof Problem)) return { title: 'a defect of the action itself: please report it' };
  const { code, phase, host, line, column } = problem.fields;
  // A path on a host is none of the repository, where an annotation would be lost.
  const file = host ? undefined : problem.fields.file;
  return {
    title: [code, phase].filter(Boolean).join(' in '),
    ...(file ? { file } : {}),
    ...(line ? { startLine: line } : {}),
    ...(column && line ? { startColumn: column } : {}),
  };
}
