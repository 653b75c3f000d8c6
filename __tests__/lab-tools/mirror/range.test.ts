import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseRange } from '../../../lab/mirror/range.ts';

test.each([
  ['bytes=0-3', { first: 0, last: 3 }],
  ['bytes=4-', { first: 4, last: 9 }],
  ['bytes=-2', { first: 8, last: 9 }],
  ['bytes=-20', { first: 0, last: 9 }],
  ['bytes=8-100', { first: 8, last: 9 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=3-2', undefined],
  ['bytes=0-1,3-4', undefined],
  ['lines=0-1', undefined],
  [undefined, undefined],
])('of 10 bytes, %s is %j', (header, expected) => {
  expect(parseRange(header, 10)).toEqual(expected);
});

test('for any request, the range is within the file', () => {
  fc.assert(
    fc.property(fc.option(fc.nat(50)), fc.option(fc.nat(50)), fc.nat(40), (from, to, size) => {
      const range = parseRange(`bytes=${from ?? ''}-${to ?? ''}`, size);
      if (range === undefined || range === 'unsatisfiable') return true;
      return 0 <= range.first && range.first <= range.last && range.last < size;
    }),
  );
});
