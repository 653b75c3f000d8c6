import fc from 'fast-check';

/** Pieces that parsers stumble over. */
const snippets = fc.constantFrom(
  ...['\0', '\u0001', '\t', '\n', '\r\n', '\u001b[31m', '\u2028', '\ufeff', '"', "'", '\\', '`', '$(id)', '${{ x }}'],
  ...['__proto__', 'constructor', 'toString', '{', '}', '[', ']', '{"', '":', ',', '=', '==', ': ', '- ', '&a ', '*a'],
  ...[
    '!x ',
    '|',
    '>',
    '#',
    '---\n',
    '<<: ',
    'null',
    'true',
    'NaN',
    'Infinity',
    '-1',
    '0',
    '1e999',
    '0x10',
    '9'.repeat(30),
  ],
  ...[
    '-----BEGIN CERTIFICATE-----\n',
    '-----END CERTIFICATE-----\n',
    '##[stop-commands]',
    '::add-mask::',
    '../',
    '%zz',
  ],
);
const text = fc.oneof(
  { weight: 3, arbitrary: snippets },
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 12 }),
  fc.tuple(snippets, fc.nat({ max: 200 })).map(([piece, count]) => piece.repeat(count)),
);

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({ at: fc.nat(), remove: fc.nat({ max: 20 }), insert: text });

/** A valid text with parts changed, cut off or repeated; or an arbitrary text. */
export function damagedText(...valid: readonly string[]): fc.Arbitrary<string> {
  const edited = fc
    .tuple(fc.constantFrom(...valid), fc.array(edit, { maxLength: 5 }))
    .map(([whole, edits]) => edits.reduce((now, each) => splice(now, each), whole));
  const cut = fc
    .tuple(fc.constantFrom(...valid), fc.nat())
    .map(([whole, at]) => whole.slice(0, at % (whole.length + 1)));
  return fc.oneof(
    { weight: 8, arbitrary: edited },
    cut,
    text,
    fc.array(text, { maxLength: 20 }).map((all) => all.join('')),
  );
}

function splice(whole: string, { at, remove, insert }: Edit): string {
  const from = at % (whole.length + 1);
  return whole.slice(0, from) + insert + whole.slice(from + remove);
}

/** Valid bytes with some of them changed, or arbitrary bytes. */
export function damagedBytes(...valid: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const change = fc.record({ at: fc.nat(), bytes: fc.uint8Array({ maxLength: 8 }) });
  const edited = fc.tuple(fc.constantFrom(...valid), fc.array(change, { maxLength: 3 })).map(([whole, changes]) => {
    const copy = Uint8Array.from(whole);
    for (const { at, bytes } of changes) copy.set(bytes.subarray(0, copy.length), at % Math.max(1, copy.length - 8));
    return copy;
  });
  const cut = fc
    .tuple(fc.constantFrom(...valid), fc.nat())
    .map(([whole, at]) => whole.subarray(0, at % (whole.length + 1)));
  return fc.oneof({ weight: 6, arbitrary: edited }, cut, fc.uint8Array({ maxLength: 200 }));
}

const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e308, '', [], {}, '__proto__'),
  text,
  fc.jsonValue({ maxDepth: 2 }),
);

/** A valid JSON value with missing or other parts; as text. */
export function damagedJson(valid: unknown): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 9, arbitrary: damaged(valid).map((value) => JSON.stringify(value)) },
    damagedText(JSON.stringify(valid)),
  );
}

function damaged(valid: unknown): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: partly(valid) }, junk);
}

function partly(valid: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(valid)) {
    const items = fc.tuple(...valid.map(damaged));
    return fc.tuple(items, fc.array(junk, { maxLength: 1 })).map(([some, more]) => [...some, ...more]);
  }
  if (typeof valid !== 'object' || valid === null) return fc.constant(valid);
  const entries = Object.entries(valid).map(([key, value]) => optional(key, damaged(value)));
  const more = fc.array(fc.tuple(text, junk), { maxLength: 1 });
  return fc.tuple(fc.tuple(...entries), more).map(([some, others]) => Object.fromEntries([...some.flat(), ...others]));
}

/** The entry of a key, or rarely none. */
function optional(key: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<readonly (readonly [string, unknown])[]> {
  const there = value.map((one) => [[key, one] as const]);
  return fc.oneof({ weight: 12, arbitrary: there }, fc.constant([]));
}
