import { cutLine, plainText } from '../plain-text.ts';

/** Maximum characters of a line; a longer one is not useful for a reader. */
const mostLine = 4000;
/** Of one message. */
const mostLines = 1000;

/**
 * Makes untrusted text safe to print: GitHub's runner does not interpret it as commands. Keeps line ends. Pure.
 *
 * The runner recognises `##[command]` anywhere in a line and `::command` after white space
 * (actions/runner, ActionCommand.TryParse and TryParseV2), and its comparison is culture-sensitive: it ignores invisible
 * characters. So invisible characters are removed, and a space is inserted into a command, which every comparison sees.
 */
export function printable(text: string): string {
  const lines = plainText(text).split('\n');
  const more = lines.length - mostLines;
  return [...lines.slice(0, mostLines), ...(more > 0 ? [`… (${more} more lines)`] : [])]
    .map((line) => uncommanded(cutLine(line, mostLine)))
    .join('\n');
}

/** The same in one line and of any length, for values that later steps read: outputs, saved state, variables. */
export function printableValue(text: string): string {
  return uncommanded(plainText(text).replaceAll('\n', ' '));
}

function uncommanded(line: string): string {
  return line.replaceAll('##[', '## [').replace(/^( *):(?=:)/, '$1: ');
}
