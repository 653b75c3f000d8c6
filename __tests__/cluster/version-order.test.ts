import { expect, test } from '@jest/globals';
import { isOlder, minorOf } from '../../src/cluster/version-order.ts';

test.each([
  ['3.5.23', '3.5.24', true],
  ['3.5.24', '3.5.24', false],
  ['3.10.0', '3.5.24', false],
  ['2.99.99', '3.0.0', true],
  ['v3.5.9', '3.5.24', true],
  ['03.05.025', '3.5.24', false],
  ['99999999999999999999.0.0', '3.5.24', false],
  ['latest', '3.5.24', false],
])('%s is older than %s: %s', (version, than, expected) => {
  expect(isOlder(version, than)).toBe(expected);
});

test('the minor of a version is a number', () => {
  expect(['1.37.2', 'v1.9.0', '1.037.2', 'latest'].map(minorOf)).toEqual([37, 9, 37, 0]);
});
