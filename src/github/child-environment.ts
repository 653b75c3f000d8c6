import { invalidInput, listed } from './inputs.ts';
import { getInput } from './runner.ts';

/** The variables with which a program is found and uses the user's language. */
const usual = /^(PATH|HOME|LANG|LC_\w+|TMPDIR|RUNNER_TEMP)$/;

/**
 * The environment of a user's program: a few fixed variables, and those that the input power-environment names.
 * No child process gets the runner's tokens or the action's inputs.
 * @throws Problem INPUT_INVALID for a variable that is not set: otherwise the program would fail in the middle of a check.
 */
export function childEnvironment(env: NodeJS.ProcessEnv = process.env): Readonly<Record<string, string>> {
  const named = listed(getInput('power-environment'));
  const missing = named.find((name) => env[name] === undefined);
  if (missing !== undefined)
    throw invalidInput(
      'power-environment',
      missing,
      'Name variables that are set in the environment of the step, separated by spaces.',
    );
  return kept(env, (name) => usual.test(name) || named.includes(name));
}

/** The fixed variables alone. */
export function usualEnvironment(env: NodeJS.ProcessEnv = process.env): Readonly<Record<string, string>> {
  return kept(env, (name) => usual.test(name));
}

function kept(env: NodeJS.ProcessEnv, keeps: (name: string) => boolean): Readonly<Record<string, string>> {
  const variables = Object.entries(env).filter(([name]) => keeps(name));
  return Object.fromEntries(variables.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
