import type { ActionResult } from '../../lab/runner/run-action.ts';

/** The result, when its action succeeded; otherwise its log as the failure. */
export function succeeded(result: ActionResult): ActionResult {
  if (result.status === 0) return result;
  throw new Error(`the action failed:\n${logOf(result)}`);
}

/** The text that a user would read in an action's log. */
export function logOf(result: Pick<ActionResult, 'lines'>): string {
  return result.lines.map(({ kind, text }) => (kind === 'text' ? text : `${kind}: ${text}`)).join('\n');
}
