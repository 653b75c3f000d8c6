import type { YAMLError } from 'yaml';
import type { ProblemCode } from '../error-codes.ts';
import type { TextFinding } from './finding.ts';

/** Room for some 5,000 hosts; a larger file is another one, given by mistake. */
const maxBytes = 1024 * 1024;
/** The parser takes quadratic time for some lines, so a line must be much shorter than the file. */
const maxLine = 32 * 1024;

/** Checks of the text before it is parsed: its size, and whether it is text at all. */
export function inspectText(text: string): readonly TextFinding[] {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) {
    return one(
      'CLUSTER_TOO_LARGE',
      0,
      `The file has ${bytes} bytes; cluster.yaml may have up to ${maxBytes}.`,
      'Check that this is the right file; manifests belong in separate files, under addons.manifests.',
    );
  }
  if (text.split('\n').every((line) => /^\s*(#|$)/.test(line))) {
    return one(
      'CLUSTER_EMPTY',
      0,
      'The file is empty.',
      'Start with examples/small/cluster.yaml: a name and a list of hosts.',
    );
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  const binary = text.search(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffff]/);
  if (binary >= 0) {
    const character = text.charCodeAt(binary).toString(16).toUpperCase().padStart(4, '0');
    return one(
      'CLUSTER_NOT_TEXT',
      binary,
      `The character U+${character} is not text in UTF-8.`,
      'Save the file as UTF-8, and check that it is not a binary or UTF-16 file.',
    );
  }
  const long = text.split('\n').find((line) => line.length > maxLine);
  if (long !== undefined) {
    return one(
      'CLUSTER_LINE_TOO_LONG',
      text.indexOf(long),
      `The line has more than ${maxLine} characters.`,
      'Write one host, or one value of a list, on each line.',
    );
  }
  return [];
}

/** The parser's errors with a hint; several errors at one position are one error. */
export function syntaxFindings(errors: readonly YAMLError[]): readonly TextFinding[] {
  const deep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (deep) return tooDeep(deep.pos[0]);
  const places = new Map(errors.toReversed().map((error) => [error.pos[0], error]));
  return Array.from(places.values(), ({ code, message, pos: [offset] }) => {
    const known = advice.find(([pattern]) => pattern.test(`${code} ${message}`));
    const [, sentence, hint] = known ?? [undefined, `${message}.`, lookAround];
    return { code: 'CLUSTER_YAML', offset, message: sentence, hint };
  });
}

const lookAround = 'Check the indentation, the quotes and the brackets on and above this line.';

/** By the parser's code and message. */
const advice: readonly (readonly [pattern: RegExp, message: string, hint: string])[] = [
  [/^TAB_AS_INDENT/, 'The line is indented by a tab.', 'Indent by spaces: YAML knows no tabs.'],
  [
    /^BLOCK_AS_IMPLICIT_KEY/,
    'This line has a second “: ”.',
    'Put the value in quotes, or what follows on a line of its own.',
  ],
  [/^BAD_SCALAR_START/, 'A value can’t start with this character.', 'Put the value in quotes.'],
  [/^MULTIPLE_DOCS/, 'A second document starts here.', 'Remove the line “---”: a file describes one cluster.'],
  [
    /^NON_STRING_KEY/,
    'A key must be a plain word.',
    'Check for a “{”, “[” or “?” before the colon; put templates in quotes.',
  ],
  [/^TAG_RESOLVE_FAILED/, 'Tags, as “!name”, have no meaning here.', 'Remove the tag, or put the value in quotes.'],
  [/quote$/, 'A text in quotes is not closed up to here.', 'Close the quote where the text ends.'],
  [
    /must start at the same column/,
    'The line is not indented like the keys beside it.',
    'Indent keys of one map by the same number of spaces.',
  ],
  [
    /and end with a \]/,
    'A list in brackets is not closed up to here.',
    'Close it by “]”, or write its values on lines of their own after “- ”.',
  ],
  [
    /and end with a }/,
    'A map in braces is not closed up to here.',
    'Close it by “}”, or write its keys on lines of their own.',
  ],
];

/** Nesting that is too deep for the parser. */
export function tooDeep(offset: number): readonly TextFinding[] {
  return one('CLUSTER_TOO_DEEP', offset, 'Values are nested too deep here.', 'Check the brackets and the indentation.');
}

function one(code: ProblemCode, offset: number, message: string, hint: string): readonly TextFinding[] {
  return [{ code, offset, message, hint }];
}
