import { expect, test } from '@jest/globals';
import { comparedWith } from '../src/trend.ts';

test('the median is of the last seven values, and of three at least', () => {
  expect(comparedWith([], 5)).toEqual({ change: undefined, median: undefined, regressed: false });
  expect(comparedWith([1000, 2000], 9000)).toMatchObject({ change: 7000, median: undefined, regressed: false });
  expect(comparedWith([90_000, 1000, 2000, null, 3000, 4000, 5000, 6000, 7000], 4000).median).toBe(4000);
});

test('worse is by more than 30 percent and by more than a second', () => {
  expect(comparedWith([10_000, 10_000, 10_000], 13_001).regressed).toBe(true);
  expect(comparedWith([10_000, 10_000, 10_000], 13_000).regressed).toBe(false);
  expect(comparedWith([1000, 1000, 1000], 1900).regressed).toBe(false);
  expect(comparedWith([1000, 1000, 1000], null)).toMatchObject({ change: undefined, regressed: false });
});
