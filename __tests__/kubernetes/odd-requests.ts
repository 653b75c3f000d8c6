// Certificate requests that no library makes: valid ones with a few oddities each, signed after the changes.
import fc from 'fast-check';
import { frames, pemOf } from './odd-frames.ts';
import {
  type Attribute,
  derOf,
  type Form,
  hex,
  keys,
  none,
  oids,
  type Recipe,
  sequence,
  tags,
  tlv,
} from './request-writer.ts';

/** Mostly the first: a request with many oddities is refused for the first of them, and does not test the others. */
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

/** The parts of the request of a node's kubelet. */
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

/** One oddity each, in an otherwise valid recipe. */
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
      'a name that continues behind a NUL',
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

/** Changes bytes of a text at any position. */
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

/** Texts around valid requests of node-1: odd inside, odd outside, or both. */
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
