import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutLine, plainLine, plainText } from '../src/plain-text.ts';
import { growth, hostileText, repeated, unseen } from './hostile-text.ts';

test('visible text stays, in any language, and line ends stay', () => {
  const text = 'kubelet: „größer“ → 3 %, 中文, عربي, emoji 😀\n  indented { "a": [1] }';
  expect(plainText(text)).toBe(text);
});

test.each([
  ['a\x1b[1;31mred\x1b[0m b', 'ared b'],
  ['a\x1b]0;title\x07b', 'ab'],
  ['see \x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\', 'see here'],
  ['a\x9b31mb\x9d0;t\x9cc', 'abc'],
  ['\x1bPdevice\x1b\\a\x1b(Bb\x1bc', 'ab'],
  ['an \x1b]open one hides nothing', 'an open one hides nothing'],
  ['a\rb\r\nc\vd\fe\x85f\u2028g\u2029h', 'a\nb\nc\nd\ne\nf\ng\nh'],
  ['a\tb\u00a0c\u3000d\u2003e', 'a b c d e'],
  ['a\0b\x07\b\x7f\x9e', 'ab'],
  ['ad\u202ecb \u2066x\u2069 \u200by\ufeffz\u00ad', 'adcb x yz'],
  ['x\ud800y', 'x\ufffdy'],
])('%j is read as %j', (text, plain) => {
  expect(plainText(text)).toBe(plain);
});

test('only visible characters of any text are left, and a second pass changes nothing', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const plain = plainText(text);
      expect(plain).not.toMatch(unseen);
      expect(plainText(plain)).toBe(plain);
      expect(plainLine(text)).not.toMatch(/\n/);
    }),
  );
});

test('one line has no blanks at its ends, and one blank for each line end', () => {
  expect(plainLine('  a \r\n\n  b\t\n')).toBe('a b');
});

test('a long line is cut before a word, so that no half of a secret is left, with a note of its length', () => {
  expect(cutLine('short', 10)).toBe('short');
  expect(cutLine('one two three', 10)).toBe('one two … (6 more characters)');
  expect(cutLine('x'.repeat(20), 10)).toBe(`${'x'.repeat(10)} … (10 more characters)`);
  expect(cutLine('😀'.repeat(9), 9)).not.toMatch(/\p{Cs}/u);
});

test.each(repeated)('the time is linear in the length of %j', (piece) => {
  expect(growth(piece, (text) => [plainText(text), plainLine(text), cutLine(text, 50)])).toBeLessThan(300);
});
