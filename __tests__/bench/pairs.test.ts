import { expect, test } from '@jest/globals';
import { comparePairs, median, timed } from '../../bench/pairs.ts';

test.each([
  [[3], 3],
  [[9, 1, 2], 2],
  [[4, 1, 2, 100], 3],
])('The median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('Both commands run in turn, and the first run of each does not count', () => {
  const order: string[] = [];
  const give = (name: string, values: number[]) => () => {
    order.push(name);
    return values.shift() ?? Number.NaN;
  };
  const compared = comparePairs(3, give('a', [900, 10, 30, 20]), give('b', [900, 5, 6, 7]));
  expect(order.join('')).toBe('abababab');
  // The pairs' differences are 5, 24 and 13: their median is not the difference of the medians.
  expect(compared).toEqual({ a: 20, b: 6, difference: 13 });
});

test('A command that did not do its work is not timed', () => {
  const argv = [process.execPath, '--eval', 'console.log(1)'];
  expect(timed({ argv, env: {}, cwd: '.', says: /1/ })).toBeGreaterThan(0);
  expect(() => timed({ argv, env: {}, cwd: '.', says: /2/ })).toThrow('did not say');
});
