import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escaped, folded, list, Markdown, table } from '../src/markdown.ts';
import { growth, hostileText, repeated, unseen } from './hostile-text.ts';

/** The text that a browser shows: references are decoded. */
const shown = (text: string) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));

test.each([
  ['a | b', 'a &#124; b'],
  ['a \\| b', 'a &#92;&#124; b'],
  ['<img src=x>', '&#60;img src=x&#62;'],
  ['[a](https://evil.example)', '&#91;a&#93;&#40;https&#58;//evil.example&#41;'],
  ['@org/team closes #1', '&#64;org/team closes &#35;1'],
  ['www.evil.example', 'www&#46;evil.example'],
  ['**a** `b` ~~c~~ $d$', '&#42;&#42;a&#42;&#42; &#96;b&#96; &#126;&#126;c&#126;&#126; &#36;d&#36;'],
  ['- a', '&#45; a'],
  ['12. a', '12&#46; a'],
  ['1) a', '1&#41; a'],
  ['---', '&#45;--'],
  ['-500 ms, 1.5 s', '-500 ms, 1.5 s'],
  ['master-1: restarted etcd.service, 1.2 s', 'master-1: restarted etcd.service, 1.2 s'],
])('%j is shown unchanged', (text, markdown) => {
  expect(escaped(text)).toBe(markdown);
});

/** Characters that make markup, except the references that `escaped` writes. */
const markup = /[<>[\]()`|\\*_~!@$^]|&(?!#\d+;)|(?<!&)#|:\/\/|www\.|^[-+] |^[-+]$|^[-=]+$|^\d+[.)]( |$)/i;

test('no text keeps markup, and every text is shown unchanged', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const markdown = escaped(text);
      expect(markdown).not.toMatch(markup);
      expect(markdown).not.toMatch(unseen);
      expect(escaped(shown(markdown))).toBe(markdown);
    }),
  );
});

test('a table keeps its rows and columns for any cells', () => {
  const rows = fc.array(fc.array(hostileText, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(rows, (cells) => {
      const lines = table(['host', 'what', 'time:'], cells).split('\n');
      expect(lines[1]).toBe('|---|---|--:|');
      expect(lines).toHaveLength(cells.length + 2);
      expect(lines.map((line) => line.match(/\|/g)?.length)).toEqual(lines.map(() => 4));
    }),
  );
});

test('trusted Markdown is inserted unchanged, and numbers are texts', () => {
  expect(table(['a'], [[new Markdown('**b**')], [3]])).toBe('| a |\n|---|\n| **b** |\n| 3 |');
});

test('a list has a line for each item, and a collapsed section without a body is empty', () => {
  expect(list(['a\n- b', '<c>'])).toBe('- a - b\n- &#60;c&#62;');
  expect(folded('x', '')).toBe('');
  expect(folded('x', 'y')).toBe('<details><summary>x</summary>\n\ny\n\n</details>');
});

test('a very long text leaves room for the others', () => {
  expect(escaped('word '.repeat(10_000)).length).toBeLessThan(2_100);
});

test.each(repeated)('the time is linear in the length of %j', (piece) => {
  expect(growth(piece, escaped)).toBeLessThan(300);
});
