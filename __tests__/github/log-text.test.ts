import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCommand } from '../../lab/runner/command-line.ts';
import { printable, printableValue } from '../../src/github/log-text.ts';
import { growth, hostileText, repeated, unseen } from '../hostile-text.ts';

/** Any name counts as a command: the runner has further ones, and `stop-commands` turns any word into one. */
const commandIn = (line: string) => parseCommand(line, () => true);
/** Splits lines like the runner. */
const linesOf = (text: string) => text.split(/\r\n|\r|\n/);

test.each([
  ['x ##[stop-commands]k8sx', 'x ## [stop-commands]k8sx'],
  ['::add-mask::node-1', ': :add-mask::node-1'],
  ['  \u00a0\u3000::set-output name=a::b', '    : :set-output name=a::b'],
  ['a\r::error::b', 'a\n: :error::b'],
  ['a\n\u200b::error::b', 'a\n: :error::b'],
  ['#\u200b#\u00ad[group]x', '## [group]x'],
  ['##\x1b[m[group]x', '## [group]x'],
  ['###[x]', '### [x]'],
  [':::x::y', ': ::x::y'],
])('%j is printed as %j', (text, printed) => {
  expect(printable(text)).toBe(printed);
});

test('ordinary text of several lines is printed unchanged', () => {
  const text = 'etcd-1: restarted etcd.service (content differs)\n    at [::1]:2379, std::string, a: b\n  → fix it # 1';
  expect(printable(text)).toBe(text);
});

test('the runner finds no command in any line of any text', () => {
  fc.assert(
    fc.property(hostileText, fc.constantFrom('', '    ', 'node-1: ', 'Connect: '), (text, before) => {
      for (const printed of [printable(before + text), printableValue(before + text)]) {
        expect(linesOf(printed).map(commandIn)).toEqual(linesOf(printed).map(() => undefined));
        expect(printed).not.toMatch(unseen);
        // A printed text is a line of its own, or a part of another line.
        expect(printed).not.toContain('##[');
      }
    }),
    { numRuns: 2000 },
  );
});

test('the lab’s parser finds the commands that the runner finds', () => {
  const name = (line: string) => commandIn(line)?.name;
  expect(['x ##[Stop-Commands]a', '\u3000 ::x y=z::a', '##[a b', ':: ::', '::a', 'x ::a::b'].map(name)).toEqual([
    ...['Stop-Commands', 'x', undefined, '', undefined, undefined],
  ]);
  expect(commandIn('::error file=a%3Ab,title==x=y,,z::100%25%0A%250A')).toEqual({
    name: 'error',
    properties: new Map([
      ['file', 'a:b'],
      ['title', 'x=y'],
    ]),
    data: '100%\n%0A',
  });
  expect(commandIn('a ##[set-output name=x%3By;b=c]d%5D')).toMatchObject({ name: 'set-output', data: 'd]' });
});

test('a text that is too long for a reader is cut, with a note', () => {
  expect(printable('x'.repeat(1e6)).length).toBeLessThan(4_100);
  expect(printable('x\n'.repeat(1e5)).split('\n')).toHaveLength(1001);
  expect(printableValue('x'.repeat(1e5))).toHaveLength(1e5);
});

test.each(repeated)('the time is linear in the length of %j', (piece) => {
  expect(growth(piece, (text) => [printable(text), printableValue(text)])).toBeLessThan(300);
});
