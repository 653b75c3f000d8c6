import { expect, test } from '@jest/globals';
import { type Encryption, encryptionConfig, newEncryptionConfig, readEncryption } from '../../src/pki/encryption.ts';
import { afterStep, agreedEncryption, nextStep } from '../../src/pki/encryption-rotation.ts';
import { authorityFiles, findAuthorities, makeAuthorities, paths, type SeenHost } from '../../src/pki/index.ts';
import { contents, now, problemOf } from './hosts.ts';

/** The configurations of one rotation in their order. */
function rotation(from = readOf(newEncryptionConfig())): readonly Encryption[] {
  const stages = [from];
  for (let last = from; stages.length < 4; stages.push(last)) {
    const step = nextStep(last);
    if (step === undefined) throw new Error('no step');
    last = afterStep(last, step);
  }
  return stages;
}

function readOf(text: string): Encryption {
  const read = readEncryption(text);
  if (!read) throw new Error(text);
  return read;
}

const namesOf = ({ keys }: Encryption) => keys.map(({ name }) => name);

test('a rotation adds a key, lets it encrypt, and removes the old one', () => {
  expect(rotation().map(namesOf)).toEqual([['key1'], ['key1', 'key2'], ['key2', 'key1'], ['key2']]);
  const [, , , second] = rotation();
  expect(rotation(second).map(namesOf).at(-1)).toEqual(['key3']);
});

test('a configuration is read as it was written', () => {
  for (const stage of rotation()) expect(readEncryption(encryptionConfig(stage))).toEqual(stage);
});

test('of two neighbouring stages the one that decrypts everything is agreed on, and of equals the later one', () => {
  const texts = rotation().map(encryptionConfig);
  const pair = (one: number, other: number) => agreedEncryption([texts[one] ?? '', texts[other] ?? '']);
  for (const [one, other, agreed] of [
    [0, 1, 1],
    [1, 2, 2],
    [2, 3, 2],
  ] as const) {
    expect(pair(one, other)).toBe(texts[agreed]);
    expect(pair(other, one)).toBe(texts[agreed]);
  }
});

test('stages that do not follow each other are not agreed on: one of them could not read what the other writes', () => {
  const texts = rotation().map(encryptionConfig);
  const other = rotation().map(encryptionConfig);
  const pairs = [
    [texts[0], texts[2]],
    [texts[0], texts[3]],
    [texts[1], texts[3]],
    [texts[0], other[0]],
    [texts[0], other[1]],
    [texts[1], other[2]],
    [texts[1], other[1]],
    [texts[0], 'kind: EncryptionConfiguration'],
    texts.slice(0, 3),
  ];
  for (const pair of pairs) expect(agreedEncryption(pair.map((text) => text ?? ''))).toBeUndefined();
});

test('an edited configuration is not one of this project', () => {
  const text = newEncryptionConfig();
  for (const edited of [
    text.replace('secretbox', 'aescbc'),
    text.replace('[secrets]', "['*.*']"),
    text.replace('      - identity: {}\n', ''),
    text.replace('key1', 'a key'),
    `${text}extra: true\n`,
  ])
    expect(readEncryption(edited)).toBeUndefined();
  const [name] = readOf(text).keys;
  for (const names of [
    ['key1', 'mine'],
    ['key1', 'key1'],
    ['key1', 'key2', 'key3'],
  ])
    expect(
      nextStep({ resources: ['secrets'], keys: names.map((each) => ({ ...name, name: each, secret: '' })) }),
    ).toBeUndefined();
});

test('masters of a killed rotation agree, the others get a copy, and masters of other stages are refused', async () => {
  const authorities = await makeAuthorities(now);
  const stages = rotation(readOf(authorities.encryptionConfig)).map(encryptionConfig);
  const master = (host: string, stage: number): SeenHost => ({
    host,
    files: contents(authorityFiles({ ...authorities, encryptionConfig: stages[stage] ?? '' })),
  });
  expect(findAuthorities([master('a', 1), master('b', 0), master('c', 1)], [])).toMatchObject({
    kind: 'found',
    authorities: { encryptionConfig: stages[1] },
    missingOn: ['b'],
  });
  const problem = await problemOf(() => findAuthorities([master('a', 0), master('b', 2)], []));
  expect([problem.code, problem.message.includes(paths.encryptionConfig)]).toEqual(['AUTHORITIES_DIFFER', true]);
  expect(problem.fields.hint).toContain('run rotate again');
});
