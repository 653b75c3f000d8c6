import { invalidInput } from './inputs.ts';
import { getInput } from './runner.ts';

/** What a program needs to be found and to speak the user's language. */
const usual = /^(PATH|HOME|LANG|LC_\w+|TMPDIR|RUNNER_TEMP)$/;

/**
 * The environment of a program that the user has the action run: little by itself, and the variables that the input
 * power-environment names. The runner's own tokens and the action's inputs are in no child's environment.
 * @throws Problem INPUT_INVALID for a variable that is not set: the program would lack it in the middle of a check.
 */
export function childEnvironment(env: NodeJS.ProcessEnv = process.env): Readonly<Record<string, string>> {
  const named = getInput('power-environment')
    .split(/[\s,]+/)
    .filter(Boolean);
  const missing = named.find((name) => env[name] === undefined);
  if (missing !== undefined)
    throw invalidInput(
      'power-environment',
      missing,
      'Name variables that are set in the environment of the step, by blanks.',
    );
  const kept = Object.entries(env).filter(([name]) => usual.test(name) || named.includes(name));
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
