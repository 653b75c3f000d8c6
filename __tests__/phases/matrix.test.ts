import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matrixLimit, matrixOf } from '../../src/phases/matrix.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `node-${index + 1}`);

test('A role with up to 256 hosts has one job for each', () => {
  expect(matrixOf([])).toEqual([]);
  expect(matrixOf(names(256))).toEqual(names(256));
});

test('With one host more, jobs get two hosts', () => {
  const matrix = matrixOf(names(257));
  expect(matrix).toHaveLength(129);
  expect(matrix[0]).toBe('node-1,node-2');
  expect(matrix.at(-1)).toBe('node-257');
});

test('Every host is in one job, in order, for any number; the limit holds and jobs have similar sizes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 1, max: matrixLimit }), (count, limit) => {
      const matrix = matrixOf(names(count), limit);
      const sizes = matrix.map((entry) => entry.split(',').length);
      expect(matrix.flatMap((entry) => entry.split(','))).toEqual(names(count));
      expect(matrix.length).toBeLessThanOrEqual(limit);
      expect(sizes.slice(0, -1).every((size) => size === sizes[0])).toBe(true);
    }),
  );
});
