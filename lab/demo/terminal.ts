import type { Shown } from '../runner/workflow-commands.ts';

const begin = performance.now();

/** Seconds since the demo began, at the beginning of each line. */
function clock(): string {
  return `[${((performance.now() - begin) / 1000).toFixed(1).padStart(6)} s]`;
}

/** A heading of the demo. */
export function heading(text: string): void {
  console.log(`\n${clock()} ━━ ${text}`);
}

/** A line of the demo itself. */
export function say(text: string): void {
  for (const line of text.split('\n')) console.log(`${clock()} ${line}`);
}

/** A line of an action, as in its log. */
export function showLine({ kind, text }: Shown): void {
  if (kind === 'group') say(`▸ ${text}`);
  else if (kind === 'text') say(`    ${text}`);
  else say(`    ${kind}: ${text}`);
}
