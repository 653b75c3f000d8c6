import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gantt } from '../../../src/failover/report/gantt.ts';
import { failover } from './nights.ts';

/** A line of Mermaid's gantt by its grammar: a task is a name without `:`, `;` or `#`, then tags and two times. */
const line =
  /^(gantt| {2}dateFormat x| {2}axisFormat %M:%S| {2}section [^:;#\n]+| {2}[^:;#\n]+ :((done|active|crit), )?\d+, \d+)$/;
const wrongLines = (chart: string) => chart.split('\n').filter((one) => !line.test(one));

test('every line of the chart is one that Mermaid reads', () => {
  expect(wrongLines(gantt(failover()))).toEqual([]);
  expect(wrongLines(gantt(failover({ rejoinMs: undefined, probes: [], timeline: [] })))).toEqual([]);
});

test('the same holds for any observation and any name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: -5000, max: 90_000 }), (what, ms) => {
      const chart = gantt(failover({ target: `x${what}`, timeline: [{ ms, track: 'rejoin', what }] }));
      expect(wrongLines(chart)).toEqual([]);
    }),
  );
});

test('no bar begins before the chart or ends before it begins', () => {
  const times = Array.from(gantt(failover()).matchAll(/(\d+), (\d+)$/gm), ([, from, to]) => [Number(from), Number(to)]);
  expect(times.length).toBeGreaterThan(15);
  expect(times.filter(([from = 0, to = 0]) => to < from + 50)).toEqual([]);
});
