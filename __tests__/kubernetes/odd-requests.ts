// Certificate requests that no library makes: right ones with a few oddities each, signed after all of them.
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';

/** How a value is written: DER, with a length that is longer than it must be, or with an end mark instead of a length. */
type Form = 'der' | 'long' | 'endless';

interface Attribute {
  readonly oid: string;
  readonly tag: number;
  readonly value: Buffer;
}

/** What a request is made from. */
export interface Recipe {
  readonly key: KeyObject;
  readonly version: number;
  /** The subject: sets of attributes. */
  readonly name: readonly (readonly Attribute[])[];
  /** Attributes of the request, each whole; nothing: not even the empty list. */
  readonly attributes: readonly Buffer[] | undefined;
  readonly forms: Readonly<Record<'outer' | 'info' | 'name' | 'set' | 'pair' | 'value' | 'algorithm', Form>>;
  /** Bytes that stand behind the last part of a structure. */
  readonly rest: Readonly<Record<'outer' | 'info' | 'name' | 'set' | 'pair' | 'file', Buffer>>;
  readonly signature: 'right' | 'of another key' | 'spoilt';
}

const keys = {
  right: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  other: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  smallRsa: generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey,
  curve: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey,
  ed25519: generateKeyPairSync('ed25519').privateKey,
};
const tags = {
  utf8: 0x0c,
  printable: 0x13,
  teletex: 0x14,
  ia5: 0x16,
  bmp: 0x1e,
  universal: 0x1c,
  visible: 0x1a,
  octets: 0x04,
};
const oids = {
  cn: '550403',
  o: '55040a',
  ou: '55040b',
  serial: '550405',
  email: '2a864886f70d010901',
  uid: '2b06010401d2d35302',
};

const none = Buffer.alloc(0);
const hex = (text: string) => Buffer.from(text, 'hex');

function tlv(tag: number, content: Buffer, form: Form = 'der'): Buffer {
  if (form === 'endless') return Buffer.concat([Buffer.from([tag, 0x80]), content, Buffer.alloc(2)]);
  const size = content.length;
  const shortest = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([
    Buffer.from([tag, ...(form === 'long' ? [0x83, 0, size >> 8, size & 0xff] : shortest)]),
    content,
  ]);
}

const sequence = (parts: readonly Buffer[], form?: Form) => tlv(0x30, Buffer.concat(parts), form);
const algorithms = {
  ec: sequence([tlv(6, hex('2a8648ce3d040302'))]),
  rsa: sequence([tlv(6, hex('2a864886f70d01010b')), tlv(5, none)]),
  ed25519: sequence([tlv(6, hex('2b6570'))]),
};

/** The request as DER, or nearly. */
export function derOf({ key, version, name, attributes, forms, rest, signature }: Recipe): Buffer {
  const attribute = ({ oid, tag, value }: Attribute) =>
    sequence([tlv(6, hex(oid)), tlv(tag, value, forms.value), rest.pair], forms.pair);
  const sets = name.map((set) => tlv(0x31, Buffer.concat([...set.map(attribute), rest.set]), forms.set));
  const { publicKey, kind } = publicOf(key);
  const list = attributes ? [tlv(0xa0, Buffer.concat(attributes))] : [];
  const parts = [
    tlv(2, Buffer.from([version])),
    sequence([...sets, rest.name], forms.name),
    publicKey,
    ...list,
    rest.info,
  ];
  const info = sequence(parts, forms.info);
  const hash = kind === 'ed25519' ? null : 'sha256';
  const made = sign(hash, info, signature === 'of another key' && kind === 'ec' ? keys.other : key);
  if (signature === 'spoilt') made[made.length - 1] = (made.at(-1) ?? 0) ^ 1;
  const algorithm =
    forms.algorithm === 'der' ? algorithms[kind] : tlv(0x30, algorithms[kind].subarray(2), forms.algorithm);
  const whole = sequence([info, algorithm, tlv(3, Buffer.concat([Buffer.alloc(1), made])), rest.outer], forms.outer);
  return Buffer.concat([whole, rest.file]);
}

function publicOf(key: KeyObject) {
  const kind = key.asymmetricKeyType;
  if (kind !== 'ec' && kind !== 'rsa' && kind !== 'ed25519') throw new Error(`a key of ${kind}`);
  return { kind, publicKey: publicHalves.get(key) ?? none };
}

const publicHalves = new Map(
  Object.values(keys).map((key) => [key, createPublicKey(key).export({ type: 'spki', format: 'der' })]),
);

/** Mostly the first: a request with more than a few oddities is refused for the first of them, and shows nothing of the others. */
function mostly<T>(usual: T, ...odd: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: fc.constant(usual), weight: 40 }, { arbitrary: fc.constantFrom(...odd), weight: 2 });
}

const text = (value: string) => Buffer.from(value, 'utf8');
const organization: Attribute = { oid: oids.o, tag: tags.printable, value: text('system:nodes') };
const nodes = [
  'node-1',
  'node-2',
  'node-1\0',
  'node-1.',
  '',
  'NODE-1',
  'node-1\u0301',
  ' node-1',
  'node\u00ad-1',
  'node-1,O=system:masters',
];

const tag = mostly<number>(tags.printable, ...Object.values(tags));
const commonName = (prefix: string) =>
  fc.record({
    oid: fc.constant(oids.cn),
    tag,
    value: mostly(...(nodes as [string, ...string[]])).map((node) => text(prefix + node)),
  });
const organizations = fc.record({
  oid: fc.constant(oids.o),
  tag,
  value: mostly('system:nodes', 'system:masters', 'system:nodes\0', '', 'system:Nodes').map(text),
});
const others: Attribute[] = [
  organization,
  { oid: oids.o, tag: tags.utf8, value: text('system:masters') },
  { oid: oids.cn, tag: tags.utf8, value: text('system:node:node-2') },
  { oid: oids.ou, tag: tags.utf8, value: text('x') },
  { oid: oids.serial, tag: tags.printable, value: text('1') },
  { oid: oids.email, tag: tags.ia5, value: text('a@b') },
  { oid: oids.uid, tag: tags.utf8, value: text('1') },
  // 2.5.4.3 with a number that is longer than it must be, which some readers take for the same.
  { oid: '55048003', tag: tags.utf8, value: text('system:node:node-2') },
];

const name = fc
  .tuple(organizations, commonName('system:node:'), fc.subarray(others, { maxLength: 1 }), fc.nat(5), fc.nat(40))
  .map(([o, cn, more, place, shape]): readonly (readonly Attribute[])[] => {
    if (shape === 0) return [[o, cn]];
    if (shape === 1) return [[cn], [o]];
    if (shape === 2) return [[], [o], [cn]];
    if (shape > 8) return [[o], [cn]];
    const parts = [[o], [cn], ...more.map((each) => [each])];
    return place === 5
      ? [...more.map((each) => [each, o]), [cn]]
      : [...parts.slice(place % 3), ...parts.slice(0, place % 3)];
  });

const dnsName = tlv(0x30, tlv(0x82, text('kubernetes')));
const extension = sequence([tlv(6, hex('551d11')), tlv(4, dnsName)]);
const alternatives = sequence([tlv(6, hex('2a864886f70d01090e')), tlv(0x31, sequence([extension]))]);
const password = sequence([tlv(6, hex('2a864886f70d010907')), tlv(0x31, tlv(tags.utf8, text('secret')))]);
const attributes = mostly<readonly Buffer[] | undefined>(
  [],
  undefined,
  [alternatives],
  [password],
  [alternatives, alternatives],
  [none, tlv(5, none)],
);

const form = mostly<Form>('der', 'long', 'endless');
const rest = mostly(none, none, tlv(5, none), Buffer.from([0]), tlv(0x0c, text('x')), Buffer.from('\n'));

/** Requests for node-1 with a few oddities each. */
export const recipes: fc.Arbitrary<Recipe> = fc.record({
  key: mostly(keys.right, keys.p384, keys.rsa, keys.smallRsa, keys.curve, keys.ed25519),
  version: mostly(0, 1, 2),
  name,
  attributes,
  forms: fc.record({ outer: form, info: form, name: form, set: form, pair: form, value: form, algorithm: form }),
  rest: fc.record({ outer: rest, info: rest, name: rest, set: rest, pair: rest, file: rest }),
  signature: mostly<Recipe['signature']>('right', 'of another key', 'spoilt'),
});

const label = 'CERTIFICATE REQUEST';

export function pemOf(der: Buffer, column = 64): string {
  const lines = der.toString('base64').match(new RegExp(`.{1,${column}}`, 'g')) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** What can be done to a frame, with another request at hand; each answers the changed text. */
const frames: readonly ((pem: string, other: string) => string)[] = [
  // The first block has a header, and readers differ in where it ends.
  (pem, other) => `${other.replace('-----\n', '-----\nProc-Type: 4,A_B\n')}\n${pem}`,
  (pem, other) => `${pem.replace('-----\n', '-----\nProc-Type: 4,A_B\n')}\n${other}`,
  (pem) => pem.replace('-----\n', '-----\nProc-Type: 4,A_B\n\n'),
  (pem) => pem.replace('-----\n', '-----\nA: b\nC: d\n\n'),
  (pem, other) => other + pem,
  (pem, other) => pem + other,
  (pem, other) => `${other}\n\n${pem}`,
  (pem, other) => `${other.replace('BEGIN', 'BEGIN X').replace('END', 'END X')}${pem}`,
  (pem, other) => `${other.replace(/-----END.*\n/, '')}${pem}`,
  (pem, other) => `${other.slice(0, other.lastIndexOf('\n-----'))}\n${pem}`,
  (pem) => `text before\n${pem}`,
  (pem) => `\n${pem}`,
  (pem) => ` ${pem}`,
  (pem) => `\ufeff${pem}`,
  (pem) => pem.replaceAll('\n', '\r\n'),
  (pem) => pem.replaceAll('\n', '\r'),
  (pem) => pem.replaceAll('\n', '\n\n'),
  (pem) => pem.replaceAll('\n', ' \n'),
  (pem) => pem.replaceAll('\n', '\t\n'),
  (pem) => pem.trimEnd(),
  (pem) => `${pem}\n`,
  (pem) => `${pem}more`,
  (pem) => `${pem}\0`,
  (pem) => pem.replaceAll(label, label.toLowerCase()),
  (pem) => pem.replaceAll(label, `NEW ${label}`),
  (pem) => pem.replaceAll(label, `${label} `),
  (pem) => pem.replace('BEGIN', 'begin'),
  (pem) => pem.replaceAll('-----', '----'),
  (pem) => pem.replaceAll('-----', '------'),
  (pem) => pem.replaceAll('+', '-').replaceAll('/', '_'),
  (pem) => pem.replaceAll('=', ''),
  (pem) => pem.replace('\n-----END', '=\n-----END'),
  (pem) => pem.replace('\n-----END', '====\n-----END'),
  (pem) => pem.replace('\n-----END', 'AAAA\n-----END'),
  (pem) => pem.replace(/.\n-----END/, '\n-----END'),
  (pem) => pem.replace(/....\n-----END/, '\n-----END'),
  // The bits behind the last byte: several texts mean the same bytes.
  (pem) => pem.replace(/([A-Za-z0-9+/])(=+\n-----END)/, (_, last: string, end: string) => `${nextOf(last)}${end}`),
  (pem) => pemOf(derIn(pem), 63),
  (pem) => pemOf(derIn(pem), 76),
  (pem) => pemOf(derIn(pem), 100_000),
  (pem) => pem.replace(/\n([^-])/, '\n\v$1'),
  (pem) => pem.replace(/\n([^-])/, '\n\u00a0$1'),
  (pem) => pem.replace(/\n([^-])/, '\n=$1'),
];

function nextOf(letter: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return letters[letters.indexOf(letter) ^ 1] ?? letter;
}

function derIn(pem: string): Buffer {
  return Buffer.from(pem.replaceAll(/-----.*/g, ''), 'base64');
}

/** The request that a node's kubelet makes, taken apart. */
export function plainRecipe(node: string): Recipe {
  return {
    key: keys.right,
    version: 0,
    name: [[organization], [{ oid: oids.cn, tag: tags.printable, value: text(`system:node:${node}`) }]],
    attributes: [],
    forms: { outer: 'der', info: 'der', name: 'der', set: 'der', pair: 'der', value: 'der', algorithm: 'der' },
    rest: { outer: none, info: none, name: none, set: none, pair: none, file: none },
    signature: 'right',
  };
}

/** One oddity each, in a recipe that is right otherwise. */
export function oddRecipes(node: string): readonly (readonly [title: string, recipe: Recipe])[] {
  const plain = plainRecipe(node);
  const entries = Object.keys as <T extends object>(of: T) => (keyof T)[];
  return [
    ...entries(plain.forms).flatMap((place) =>
      (['long', 'endless'] as const).map(
        (form) => [`${place} is ${form}`, { ...plain, forms: { ...plain.forms, [place]: form } }] as const,
      ),
    ),
    ...entries(plain.rest).map(
      (place) => [`more in ${place}`, { ...plain, rest: { ...plain.rest, [place]: tlv(5, none) } }] as const,
    ),
    ...others.map((each) => [`also ${each.oid}`, { ...plain, name: [...plain.name, [each]] }] as const),
    ...others.map(
      (each) => [`also ${each.oid} in one part`, { ...plain, name: plain.name.map((set) => [...set, each]) }] as const,
    ),
    ...[undefined, [alternatives], [password], [none, tlv(5, none)]].map(
      (list) => [`attributes: ${list?.length}`, { ...plain, attributes: list }] as const,
    ),
    ...entries(tags)
      .filter((name) => name !== 'utf8' && name !== 'printable')
      .map(
        (name) =>
          [
            `texts of ${name}`,
            { ...plain, name: plain.name.map((set) => set.map((each) => ({ ...each, tag: tags[name] }))) },
          ] as const,
      ),
    ...(['smallRsa', 'curve', 'ed25519'] as const).map(
      (name) => [`a key of ${name}`, { ...plain, key: keys[name] }] as const,
    ),
    ...(['of another key', 'spoilt'] as const).map(
      (signature) => [`the signature is ${signature}`, { ...plain, signature }] as const,
    ),
    ['another version', { ...plain, version: 1 }],
    [
      'a name that goes on behind a NUL',
      {
        ...plain,
        name: plain.name.map((set) =>
          set.map((each) => ({ ...each, value: Buffer.concat([each.value, Buffer.alloc(1)]) })),
        ),
      },
    ],
  ];
}

/** The request of node-2, which the host of node-1 must never get signed. */
export const victim = pemOf(derOf({ ...plainRecipe('node-2'), key: keys.other }));

const bytes = fc.record({ at: fc.nat(), bit: fc.nat(7), kind: fc.constantFrom('flip', 'drop', 'double') });

/** Changes bytes of a text, wherever they are. */
function damaged(
  source: Buffer,
  changes: readonly { readonly at: number; readonly bit: number; readonly kind: string }[],
): Buffer {
  return changes.reduce((text, { at, bit, kind }) => {
    const place = at % Math.max(1, text.length);
    const [before, here, after] = [text.subarray(0, place), text.subarray(place, place + 1), text.subarray(place + 1)];
    if (kind === 'drop') return Buffer.concat([before, after]);
    if (kind === 'double') return Buffer.concat([before, here, here, after]);
    return Buffer.concat([before, Buffer.from([(here[0] ?? 0) ^ (1 << bit)]), after]);
  }, source);
}

const few = <T>(arbitrary: fc.Arbitrary<T>, weight: number): fc.Arbitrary<T[]> =>
  fc.oneof(
    { arbitrary: fc.constant<T[]>([]), weight: 40 },
    { arbitrary: fc.array(arbitrary, { minLength: 1, maxLength: 2 }), weight },
  );

/** Texts around right requests of node-1: odd inside, odd outside, or both. */
export const texts: fc.Arbitrary<Buffer> = fc
  .tuple(recipes, few(fc.constantFrom(...frames), 60), few(bytes, 4), few(bytes, 6))
  .map(([recipe, around, inner, outer]) => {
    const pem = pemOf(damaged(derOf(recipe), inner));
    return damaged(Buffer.from(around.reduce((text, change) => change(text, victim), pem)), outer);
  });

/** One text for each of the frames. */
export function framesOf(pem: string): readonly string[] {
  return frames.map((change) => change(pem, victim));
}
