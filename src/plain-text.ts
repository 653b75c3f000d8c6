/** ECMA-48: an introducer (ESC [ or its 8-bit form), parameters, intermediates and a final byte: colours, cursor moves. */
const controlSequence = String.raw`(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?`;
/** ECMA-48 and xterm: OSC, DCS, SOS, PM and APC take a text up to BEL or ST. One without an end hides nothing. */
const controlString = String.raw`(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])(?:[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c))?`;
const otherEscape = String.raw`\x1b[ -/]*[0-~]`;
const escapes = new RegExp(`${controlString}|${controlSequence}|${otherEscape}`, 'g');

/** What Unicode (UAX #14) or a terminal takes for the end of a line. */
const lineEnds = /\r\n?|[\n\v\f\x85\u2028\u2029]/g;
/** Blanks of other widths: the TrimStart of .NET, with which the runner looks for commands, removes all of them. */
const blanks = /[[\t\p{Zs}]--[ ]]/gv;
/** Controls, and what is not drawn: bidirectional marks, zero-width characters, soft hyphens, tags, variation selectors. */
const unseen = /[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]--\n]/gv;

/**
 * Text of any origin as a reader sees it and nothing else: without terminal escapes, control characters, bidirectional and
 * invisible characters; every line end is `\n` and every blank a space. The time is linear in the length. Pure.
 */
export function plainText(text: string): string {
  return text.replace(escapes, '').replace(lineEnds, '\n').replace(blanks, ' ').replace(unseen, '').toWellFormed();
}

/** The same in one line. */
export function plainLine(text: string): string {
  // Not by a pattern that begins with blanks: on many of them its time would grow with their square.
  return plainText(text)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ');
}

/**
 * A line that is no longer than `most` characters and a note of what was cut. No word is cut in two if there is a blank
 * before it: the beginning of a secret would no longer be recognised as one.
 */
export function cutLine(line: string, most: number): string {
  if (line.length <= most) return line;
  const blank = line.lastIndexOf(' ', most);
  const kept = line.slice(0, blank > most / 2 ? blank : most).toWellFormed();
  return `${kept} … (${line.length - kept.length} more characters)`;
}
