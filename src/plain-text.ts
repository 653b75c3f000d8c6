/** ECMA-48: an introducer (ESC [ or its 8-bit form), parameters, intermediates and a final byte: colours, cursor moves. */
const controlSequence = String.raw`(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?`;
/** ECMA-48 and xterm: OSC, DCS, SOS, PM and APC take a text up to BEL or ST. An unterminated one hides no text. */
const controlString = String.raw`(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])(?:[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c))?`;
const otherEscape = String.raw`\x1b[ -/]*[0-~]`;
const escapes = new RegExp(`${controlString}|${controlSequence}|${otherEscape}`, 'g');

/** Line ends of Unicode (UAX #14) and of terminals. */
const lineEnds = /\r\n?|[\n\v\f\x85\u2028\u2029]/g;
/** Unicode spaces: the runner searches for commands with .NET's TrimStart, which removes all of them. */
const blanks = /[[\t\p{Zs}]--[ ]]/gv;
/** Control characters and invisible ones: bidirectional marks, zero-width characters, soft hyphens, tags, variation selectors. */
const unseen = /[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]--\n]/gv;

/**
 * Returns only the visible part of untrusted text: without terminal escapes, control characters, bidirectional and
 * invisible characters; every line end is `\
` and every Unicode space a space. Runs in linear time. Pure.
 */
export function plainText(text: string): string {
  return text.replace(escapes, '').replace(lineEnds, '\n').replace(blanks, ' ').replace(unseen, '').toWellFormed();
}

/** The same in one line. */
export function plainLine(text: string): string {
  // Not a pattern that begins with spaces: it would take quadratic time on many of them.
  return plainText(text)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ');
}

/**
 * Cuts a line to `most` characters and adds a note. Cuts between words if possible: the first half of a secret would not be
 * recognised as a secret.
 */
export function cutLine(line: string, most: number): string {
  if (line.length <= most) return line;
  const blank = line.lastIndexOf(' ', most);
  const kept = line.slice(0, blank > most / 2 ? blank : most).toWellFormed();
  return `${kept} … (${line.length - kept.length} more characters)`;
}
