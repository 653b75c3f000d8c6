import { describeProblem, Problem, problemsOf } from '../errors.ts';
import { repositoryPath } from './repository-path.ts';
import { error as annotate, info, markFailed, type Place } from './runner.ts';

/** GitHub shows about ten annotations of each level per step; the rest is only in the log. */
const shown = 10;

/** Ends the action as failed: each problem as an annotation on its file and line, or with its host and unit. */
export function failWith(error: unknown): void {
  for (const [index, problem] of problemsOf(error).map(asProblem).entries()) {
    const text = describeProblem(problem);
    if (index < shown) annotate(text, placeOf(problem));
    else info(text);
    for (const line of problem.fields.detail ?? []) info(indented(line));
  }
  markFailed();
}

/** An error that is not a Problem is a defect of this project. Its text may quote untrusted input, and a bug report needs its stack trace. */
function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { message, stack = '' } = error instanceof Error ? error : { message: String(error) };
  return new Problem(message || 'an error without a message', {
    code: 'ACTION_DEFECT',
    hint: 'This is a defect of the action itself. Report it as an issue of k8s-ha-action, with the lines that follow.',
    detail: stack.slice(0, 8000).split('\n').filter(Boolean),
    cause: error,
  });
}

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');

function placeOf({ fields: { code, phase, host, file, line, column } }: Problem): Place {
  // A path on a host is not in the repository; an annotation on it would be lost.
  const path = file && !host ? repositoryPath(file) : undefined;
  return {
    title: [code, phase].filter(Boolean).join(' in '),
    ...(path ? { file: path, ...(line ? { line } : {}), ...(column ? { column } : {}) } : {}),
  };
}
