import { parseJson } from '../entry/json.ts';
import { remoteCodes } from '../error-codes.ts';
import { hostNonsense } from './nonsense.ts';

/** A line of the remote program's answer, with the fields that this project knows. */
export interface RemoteEvent {
  readonly t: string;
  readonly [field: string]: string;
}

/** Validates and cleans a field's text. @throws Problem HOST_NONSENSE if it is not valid for that field */
type Field = (text: string) => string;

/** Text for people: without control characters, and of limited length. */
const prose =
  (most: number): Field =>
  (text) =>
    text.slice(0, most).replaceAll(/(?![\n\t])\p{Cc}/gu, '');
/** The last part of a longer text, such as an error's journal lines, of which the last ones are the most useful. */
const lastLines =
  (most: number): Field =>
  (text) =>
    prose(most)(text.slice(-most));
/** The name of a run: letters and the punctuation that repositories, hosts and its process number need. */
const holder: Field = (text) => text.slice(0, 200).replaceAll(/[^\w ./:,@()+-]/g, '?');

const matching =
  (pattern: RegExp, what: string): Field =>
  (text) => {
    if (pattern.test(text)) return text;
    throw hostNonsense(`${what} that is not valid`);
  };

/** A section's text, which its reader validates. */
const raw: Field = (text) => text;
const unitName = matching(/^[\w:.@\\-]{1,255}$/, 'the name of a unit');
/** A path or a URL. */
const place = prose(4096);

/** The error codes of the remote program. */
const knownCodes: ReadonlySet<string> = new Set(remoteCodes);
const code: Field = (text) => (knownCodes.has(text) ? text : 'REQUEST_FAILED');

/** Every kind of event with its fields; there are no others. */
export const vocabulary: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  ready: {},
  waiting: { holder },
  begin: { id: matching(/^[0-9a-f]{32}$/, 'the mark of a request') },
  tick: {},
  clock: { now: matching(/^\d{1,11}(\.[\d%N]{0,12})?$/, 'a time') },
  line: { s: matching(/^\P{Cc}{0,300}$/u, 'the name of a section'), v: raw },
  log: { text: prose(4096), level: matching(/^warning$/, 'the level of a line') },
  unit: { name: unitName, did: matching(/^(started|restarted|reloaded)$/, 'what happened to a unit') },
  hold: { unit: unitName },
  change: {
    kind: matching(/^(stop|unmount|remove|restore)$/, 'a kind of change'),
    subject: place,
    reason: prose(4096),
  },
  problem: {
    code,
    message: prose(4096),
    hint: prose(4096),
    detail: lastLines(16_384),
    unit: unitName,
    file: place,
    url: place,
  },
  over: {},
  end: { status: matching(/^\d{1,3}$/, 'the status of a request') },
};

/** Whether a line looks like an event: the greeting of a login shell is also on this stream. */
export function looksLikeEvent(line: string): boolean {
  return line.startsWith('{"t":');
}

/** @throws Problem HOST_NONSENSE */
export function parseEvent(line: string): RemoteEvent {
  const value = parseJson(line, (what) => hostNonsense(`an event is ${what}`), { depth: 1, values: 20 });
  if (typeof value !== 'object' || value === null) throw hostNonsense('an event that is not an object');
  const { t, ...rest } = value as Readonly<Record<string, unknown>>;
  const fields = typeof t === 'string' && Object.hasOwn(vocabulary, t) ? vocabulary[t] : undefined;
  if (typeof t !== 'string' || fields === undefined) throw hostNonsense('an event of an unknown kind');
  const read = Object.entries(rest).map(([name, text]): [string, string] => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined || typeof text !== 'string') throw hostNonsense(`an event "${t}" with an unknown field`);
    return [name, field(text)];
  });
  return { t, ...Object.fromEntries(read) };
}
