import type { Lab } from '../../lab/lab.ts';
import { type ActionOptions, type ActionResult, runAction } from '../../lab/runner/run-action.ts';
import { logOf } from './results.ts';

/** An action's refusal, as shown to a user. */
export interface Refusal extends ActionResult {
  /** Codes of the errors, in order. */
  readonly codes: readonly string[];
  readonly errors: readonly string[];
  readonly log: string;
}

/** Runs an action that must fail with a user's mistake: status 1, with code and hint, without a stack or a secret. */
export async function refused(
  lab: Lab,
  inputs: Readonly<Record<string, string>> = {},
  name = 'deploy',
  options: ActionOptions = {},
): Promise<Refusal> {
  return refusal(await runAction(lab, name, { ...options, inputs }));
}

/** The same for an action that has run. */
export function refusal(result: ActionResult): Refusal {
  const log = logOf(result);
  const reported = result.lines.filter(({ kind }) => kind === 'error');
  const errors = reported.map(({ text }) => text);
  const codes = reported.map(({ title = '' }) => title.split(' ')[0] ?? '');
  const fault = (what: string) => new Error(`${what}:\n${log}`);
  if (result.status !== 1 || reported.length === 0)
    throw fault(`status ${result.status} and ${reported.length} errors`);
  if (/^\s+at .*:\d+/m.test(log)) throw fault('a stack trace in the log');
  if (/PRIVATE KEY|\*\*\*/.test(log)) throw fault('a secret in the log');
  if (!codes.every((code) => /^[A-Z_]+$/.test(code))) throw fault('an error without a code');
  if (!errors.every((text) => text.includes('\n  → '))) throw fault('an error without a fix');
  return { ...result, codes, errors, log };
}
