import { cutLine, plainText } from '../plain-text.ts';

/** Of a line; what is longer is no line that a person reads. */
const mostLine = 4000;
/** Of one message. */
const mostLines = 1000;

/**
 * Text that GitHub's runner prints and does not obey, of any author; its lines stay lines. Pure.
 *
 * The runner takes `##[command]` anywhere in a line and `::command` behind blanks
 * (actions/runner, ActionCommand.TryParse and TryParseV2), and compares by the rules of a language, which skip what is
 * invisible. So invisible characters go, and what breaks a command up is a blank, which every comparison sees.
 */
export function printable(text: string): string {
  const lines = plainText(text).split('\n');
  const more = lines.length - mostLines;
  return [...lines.slice(0, mostLines), ...(more > 0 ? [`… (${more} more lines)`] : [])]
    .map((line) => uncommanded(cutLine(line, mostLine)))
    .join('\n');
}

/** The same in one line and of any length, for what later steps read: outputs, saved state, variables. */
export function printableValue(text: string): string {
  return uncommanded(plainText(text).replaceAll('\n', ' '));
}

function uncommanded(line: string): string {
  return line.replaceAll('##[', '## [').replace(/^( *):(?=:)/, '$1: ');
}
