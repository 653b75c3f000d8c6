import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fillWords, splitWords } from '../../src/failover/words.ts';

test.each([
  ['ipmitool -H bmc-{host} chassis power {action}', ['ipmitool', '-H', 'bmc-{host}', 'chassis', 'power', '{action}']],
  [`  virsh  'my host'\t"a \\"b\\" $c" d\\ e `, ['virsh', 'my host', 'a "b" $c', 'd e']],
  [`a''b "" c"d"'e'`, ['ab', '', 'cde']],
  ['a; rm -rf / && $(x) | `y` > z', ['a;', 'rm', '-rf', '/', '&&', '$(x)', '|', '`y`', '>', 'z']],
  ['', []],
])('%j becomes %j, without a shell', (command, words) => {
  expect(splitWords(command)).toEqual(words);
});

test.each([`a 'b`, 'a "b', 'a\\'])('%j has no end and is refused', (command) => {
  expect(() => splitWords(command)).toThrow(expect.objectContaining({ code: 'COMMAND_INVALID' }));
});

test('quoted words come back as they were, whatever is in them', () => {
  const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      expect(splitWords(words.map(quote).join(' '))).toEqual(words);
    }),
  );
});

test('a value fills its place inside one word, and an unknown place is refused', () => {
  expect(fillWords(['power-{action}', '{host}'], { action: 'off', host: 'a b' })).toEqual(['power-off', 'a b']);
  expect(fillWords(['{"json": {}}'], {})).toEqual(['{"json": {}}']);
  for (const unknown of ['{hots}', '{constructor}']) {
    expect(() => fillWords([unknown], { host: 'a' })).toThrow(expect.objectContaining({ code: 'COMMAND_INVALID' }));
  }
});
