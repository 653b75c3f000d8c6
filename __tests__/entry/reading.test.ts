import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Bytes, bytesOf, inUnits, Tail } from '../../src/entry/bytes.ts';
import { parseJson } from '../../src/entry/json.ts';
import { LineReader } from '../../src/entry/lines.ts';
import { parseYaml } from '../../src/entry/yaml.ts';

const refuse = (what: string) => new Error(what);
/** A text in pieces of random sizes. */
const inPieces = fc.tuple(fc.string({ unit: fc.constantFrom('a', '\n', 'ü', '€') }), fc.array(fc.nat(8)));

function* pieces(text: string, sizes: readonly number[]): Generator<Buffer> {
  const bytes = Buffer.from(text);
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

test('lines do not depend on the pieces in which they arrive', () => {
  fc.assert(
    fc.property(inPieces, ([text, sizes]) => {
      const reader = new LineReader(1000, refuse);
      const lines = [...pieces(text, sizes)].flatMap((piece) => reader.take(piece));
      expect(lines).toEqual(text.split('\n').slice(0, -1));
    }),
  );
});

test('a line is refused at the first byte over the limit, with or without its end', () => {
  const reader = () => new LineReader(4, refuse);
  expect(reader().take(Buffer.from('aaaa\nbbbb\n'))).toEqual(['aaaa', 'bbbb']);
  expect(() => reader().take(Buffer.from('aaaaa'))).toThrow('a line of more than 4 bytes');
  expect(() => reader().take(Buffer.from('aaaaa\n'))).toThrow('a line of more than 4 bytes');
});

test('a line that arrives in single bytes takes no more time than one in one piece', () => {
  const reader = new LineReader(1024 * 1024, refuse);
  const began = performance.now();
  for (let count = 0; count < 1_000_000; count += 1) reader.take(Buffer.of(97));
  expect(reader.take(Buffer.of(10))).toEqual(['a'.repeat(1_000_000)]);
  expect(performance.now() - began).toBeLessThan(10_000);
});

test('a stream is read to its end or to its limit, and destroyed there', async () => {
  let destroyed = false;
  async function* endless() {
    try {
      for (;;) yield Buffer.alloc(1000);
    } finally {
      destroyed = true;
    }
  }
  await expect(bytesOf(endless(), 10_240, refuse)).rejects.toThrow('more than 10 KiB');
  expect(destroyed).toBe(true);
  async function* short() {
    yield Buffer.from('aü');
  }
  expect((await bytesOf(short(), 3, refuse)).text()).toBe('aü');
});

test('of long data, the last bytes are kept', () => {
  fc.assert(
    fc.property(inPieces, ([text, sizes]) => {
      const tail = new Tail(8);
      for (const piece of pieces(text, sizes)) tail.add(piece);
      expect(tail.text()).toBe(Buffer.from(text).subarray(-8).toString());
    }),
  );
});

test('bytes are kept in one buffer, and sizes are written in round units', () => {
  const bytes = new Bytes(10, refuse);
  bytes.add(Buffer.from('abc'));
  bytes.keepLast(2);
  bytes.add(Buffer.from('d'));
  expect([bytes.length, bytes.text(), bytes.view.toString()]).toEqual([3, 'bcd', 'bcd']);
  bytes.clear();
  expect(bytes.text()).toBe('');
  expect([1, 1024, 1025, 1536 * 1024, 2 * 1024 * 1024].map(inUnits)).toEqual([
    '1 bytes',
    '1 KiB',
    '1025 bytes',
    '1536 KiB',
    '2 MiB',
  ]);
});

test('JSON is parsed, or refused without quoting it', () => {
  fc.assert(fc.property(fc.json(), (text) => expect(parseJson(text, refuse)).toEqual(JSON.parse(text))));
  for (const text of ['', 'secret', '{"secret', '{"a":"secret\u0001"}']) {
    expect(() => parseJson(text, refuse)).toThrow(/^text that is no JSON$/);
  }
});

test('JSON with too many levels or values is refused, for any strings in it', () => {
  const limits = { depth: 2, values: 4 };
  expect(parseJson('{"a":["[[[{{{,,,,,\\"[[["]}', refuse, limits)).toEqual({ a: ['[[[{{{,,,,,"[[['] });
  expect(() => parseJson('[[[]]]', refuse, limits)).toThrow('more than 2 levels deep');
  expect(() => parseJson('[1,2,3,4,5]', refuse, limits)).toThrow('more than 4 values');
  expect(() => parseJson('['.repeat(1_000_000), refuse)).toThrow('levels deep');
  expect(() => parseJson(`[${'{},'.repeat(3_000_000)}{}]`, refuse)).toThrow('values');
});

test('untrusted YAML is small, of the core schema, and causes no output on stderr', () => {
  expect(parseYaml('a: 0o10\nb: 2020-01-01', refuse)).toEqual({ a: 8, b: '2020-01-01' });
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefg'.replaceAll(/./g, (name) => `${name}: &${name} [${`*${String.fromCharCode(name.charCodeAt(0) - 1)},`.repeat(9)}x]\n`)}`;
  for (const text of ['a: [', bomb, '[['.repeat(10_000), '\t- a', '!secret x: {']) {
    expect(() => parseYaml(text, refuse)).toThrow(/^text that is no YAML$/);
  }
  expect(() => parseYaml('x'.repeat(40_000), refuse)).toThrow('32768 characters');
});
