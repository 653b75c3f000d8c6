// Finds PEM private keys in fragmented text: a journal has them line by line, each line behind a prefix, and
// may begin or end in the middle of a key.

const banner = /-{4,5} ?(BEGIN|END) ([A-Z0-9 ]{0,60})-{4,5}/;
const removed = '[private key removed]';

/** The position of a line: outside any block, in a private key, or in a public block (a certificate). */
type Place = 'outside' | 'key' | 'open';

/** A line, and whether it belongs to a block with public base64. */
export interface Line {
  readonly text: string;
  readonly open: boolean;
}

/** Returns the lines without private keys. Runs in linear time. Pure. */
export function withoutKeys(lines: readonly string[]): readonly Line[] {
  const kept: Line[] = [];
  let place: Place = 'outside';
  for (const line of lines) {
    // A block without an end line ends at the first line that is not base64.
    if (place !== 'outside' && !banner.test(line) && !isBody(line, place)) place = 'outside';
    if (place === 'key' && !banner.test(line)) continue;
    const { text, next, open, headless } = readLine(line, place);
    if (headless) dropBody(kept);
    if (place !== 'key' || text !== '') kept.push({ text, open: place === 'open' || open });
    place = next;
  }
  return kept;
}

interface Read {
  /** The line without its keys. */
  readonly text: string;
  /** Where the next line is. */
  readonly next: Place;
  /** Whether it contains a public block. */
  readonly open: boolean;
  /** Whether a key ends on it whose beginning is missing. */
  readonly headless: boolean;
}

function readLine(line: string, from: Place): Read {
  let [text, rest, place]: [string, string, Place] = ['', line, from];
  let [open, headless] = [false, false];
  for (let found = banner.exec(rest); found; found = banner.exec(rest)) {
    const [sign, what, label = ''] = found;
    const isKey = label.includes('PRIVATE KEY');
    open ||= !isKey;
    const before = rest.slice(0, found.index);
    rest = rest.slice(found.index + sign.length);
    if (what === 'BEGIN') {
      text += isKey ? `${place === 'key' ? '' : before}${removed}` : before + sign;
      place = isKey ? 'key' : 'open';
    } else {
      // An end without a beginning: the text before it on the line is part of the key.
      headless ||= isKey && place !== 'key';
      text += isKey ? (place === 'key' ? '' : removed) : before + sign;
      place = 'outside';
    }
  }
  return { text: place === 'key' ? text : text + rest, next: place, open, headless };
}

/** Removes the lines before an end whose beginning is missing. */
function dropBody(kept: Line[]): void {
  while (kept.length > 0 && isBody(kept.at(-1)?.text ?? '', 'key')) kept.pop();
}

/** Whether a line may be part of a block: base64, alone or behind a prefix, or a header of an encrypted key. */
function isBody(line: string, place: Place): boolean {
  const text = line.trim();
  if (text === '') return place === 'key';
  const word = text.slice(text.lastIndexOf(' ') + 1);
  const alone = word.length === text.length || /[:|>\])]$/.test(text.slice(0, -word.length).trimEnd());
  if (/^[A-Za-z0-9+/]{4,}={0,2}$/.test(word)) return alone || word.length >= 40;
  return place === 'key' && /\b(Proc-Type|DEK-Info|Comment): /.test(text);
}
