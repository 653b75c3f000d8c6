import { expect, test } from '@jest/globals';
import { jsonText, nightOf, reportData } from '../../../src/failover/report/json.ts';
import { reportSchema } from '../../../src/failover/report/schema.ts';
import type { FailoverResult } from '../../../src/failover/result.ts';
import { defaultThresholds, judge } from '../../../src/failover/verdict.ts';
import { failover, nightsBefore } from './nights.ts';

const dataOf = (result: FailoverResult, nights = nightsBefore(3)) =>
  reportData(result, judge(result, defaultThresholds), nights);

test('a report matches the schema, and has no field that the schema lacks', () => {
  const data = dataOf(failover());
  expect(reportSchema.parse(data)).toEqual(data);
  expect(reportSchema.parse(JSON.parse(jsonText(data)))).toEqual(data);
});

test('so does the report of a check in which everything failed', () => {
  const noHolder = { to: undefined, takenMs: undefined, lastRenewedMs: undefined, transitions: 0 };
  const transfers = failover().transfers.map((transfer) => ({ ...transfer, ...noHolder }));
  const result = failover({ transfers, transferMs: undefined, rejoinMs: undefined, probes: [], timeline: [] });
  const { holdings: _, ...without } = result;
  const data = dataOf(without, []);
  expect(reportSchema.parse(data)).toEqual(data);
  expect(data.figures).toMatchObject({ passed: false, transferMs: null, rejoinMs: null, requests: 0 });
});

test('each request is in it, with times since the fault, and a failed one with its error', () => {
  const [, , probe] = dataOf(failover()).probes;
  expect(probe?.samples).toHaveLength(probe?.requests ?? 0);
  expect(probe?.samples[0]?.[0]).toBe(-2000);
  const failed = probe?.samples.filter((sample) => sample.length === 3) ?? [];
  expect(failed.map(([start, took, error]) => [start, took, probe?.errors[error ?? -1]?.error])).toEqual([
    [0, 180, 'socket hang up'],
    [200, 180, 'connect ECONNREFUSED 10.1.2.11:6443'],
  ]);
});

test('the text has a line for each request, and does not change the texts', () => {
  const troubles = ['[ 1, 2 ] and [\n 3 ]'];
  const data = dataOf(failover({ troubles }));
  expect(jsonText(data)).toContain('\n        [-2000, ');
  expect(JSON.parse(jsonText(data))).toEqual(data);
});

test('the figures of a night are equal to the outputs', () => {
  const result = failover();
  expect(nightOf(result, judge(result, defaultThresholds))).toMatchObject({
    passed: false,
    transferMs: 17_338,
    requests: 1380,
    failedRequests: 2,
    rejoinMs: 21_870,
  });
});
