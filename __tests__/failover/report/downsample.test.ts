import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { downsample } from '../../../src/failover/report/downsample.ts';
import type { ReportSample } from '../../../src/failover/report/schema.ts';

const sample = fc.tuple(fc.nat(9999), fc.nat(2000), fc.integer({ min: -20, max: 1 }));
const samples = fc
  .array(sample, { maxLength: 400 })
  .map((rows) => rows.map(([at, ms, error]): ReportSample => (error < 0 ? [at, ms] : [at, ms, error])))
  .map((rows) => rows.toSorted(([one], [other]) => one - other));

test('the result has some of the samples, in their order, never more than the limit, with the slowest among them', () => {
  fc.assert(
    fc.property(samples, fc.integer({ min: 20, max: 500 }), (all, most) => {
      const kept = downsample(all, most);
      expect(kept.length).toBeLessThanOrEqual(most);
      expect(kept.every((one) => all.includes(one))).toBe(true);
      expect(kept.map(([at]) => at)).toEqual(kept.map(([at]) => at).toSorted((one, other) => one - other));
      const slowest = (rows: readonly ReportSample[]) =>
        Math.max(-1, ...rows.filter((row) => row.length === 2).map(([, ms]) => ms));
      expect(slowest(kept)).toBe(slowest(all));
    }),
  );
});

test('no failed request is left out if they are few', () => {
  const all = Array.from({ length: 5000 }, (_, at): ReportSample => (at % 100 === 7 ? [at, 5, 0] : [at, 5]));
  expect(downsample(all, 1000).filter((row) => row.length === 3)).toHaveLength(50);
});

test('few samples stay as they are', () => {
  const all: readonly ReportSample[] = [
    [0, 1],
    [5, 2, 0],
  ];
  expect(downsample(all, 2)).toBe(all);
});
