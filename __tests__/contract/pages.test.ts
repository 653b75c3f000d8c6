import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { stalePages } from '../../docs/generate.ts';
import { allCodes, diedOf, problemCodes } from '../../docs/problem-codes.ts';
import { remoteCodes } from '../../src/error-codes.ts';
import { filesMatching, root, textOf } from './tree.ts';

test('Generated pages match the source (npm run docs)', () => {
  expect(stalePages()).toEqual([]);
});

test('Every code of a problem has a row in the troubleshooting page, with what to do', () => {
  const rows = rowsOf('docs/troubleshooting.md');
  expect([...problemCodes().keys()].filter((code) => !rows.has(code))).toEqual([]);
  expect([...rows].filter(([, cells]) => cells.length !== 3 || cells.some((cell) => cell === ''))).toEqual([]);
});

test('The troubleshooting page has no code that the source no longer has', () => {
  const codes = problemCodes();
  expect([...rowsOf('docs/troubleshooting.md').keys()].filter((code) => !codes.has(code))).toEqual([]);
});

test('The table of codes has each code once, and the source reports all of them', () => {
  const codes = allCodes();
  expect(codes.length).toBeGreaterThan(150);
  expect(codes.filter((code, index) => code === codes[index - 1])).toEqual([]);
  expect(codes.filter((code) => !/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(code))).toEqual([]);
  expect([...problemCodes()].filter(([, places]) => places.length === 0)).toEqual([]);
});

test('The remote program reports the codes that the table has for it, and no others', () => {
  const reported = diedOf();
  expect([...reported].filter(([code]) => !remoteCodes.some((known) => known === code))).toEqual([]);
  expect(remoteCodes.filter((code) => !reported.has(code))).toEqual([]);
});

test('Links between files of the repository have existing targets', () => {
  const broken = filesMatching(/^(?!dist\/|docs\/actions\/).*\.md$/).flatMap((page) =>
    Array.from(textOf(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g))
      .map((match) => match[1] ?? '')
      .filter((target) => !existsSync(join(root, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test.each([
  ['SECURITY.md', 25],
  ['docs/github.md', 15],
])('Every test that %s names for a claim exists', (page, many) => {
  const named = Array.from(textOf(page).matchAll(/`(__tests__\/[^`]+)`/g), ([, path = '']) => path);
  expect(named.length).toBeGreaterThan(many);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

/** Code → the cells of its row: the code, what happened, what to do. */
function rowsOf(page: string): ReadonlyMap<string, readonly string[]> {
  const lines = textOf(page)
    .split('\n')
    .filter((line) => /^\| `[A-Z_0-9]+` \|/.test(line));
  return new Map(
    lines.map((line) => {
      const cells = line.split(/(?<!\\)\|/).slice(1, -1);
      return [(cells[0] ?? '').replaceAll('`', '').trim(), cells.map((cell) => cell.trim())];
    }),
  );
}
