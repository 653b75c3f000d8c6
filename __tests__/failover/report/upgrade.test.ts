import { expect, test } from '@jest/globals';
import { upgradeOutputsOf } from '../../../src/failover/outputs.ts';
import { makeReports } from '../../../src/failover/report/index.ts';
import { reportSchema } from '../../../src/failover/report/schema.ts';
import type { FailoverResult } from '../../../src/failover/result.ts';
import { resultOf } from '../../../src/failover/upgrade/measure.ts';
import { defaultThresholds, judge } from '../../../src/failover/verdict.ts';
import { seedCluster } from '../../fixtures/clusters.ts';
import { probe } from './nights.ts';

const began = Date.parse('2026-11-23T02:17:04.000Z');
const steps = [
  { host: 'node-1', what: 'kubelet', from: began + 20_000, to: began + 31_000 },
  { host: 'node-1', what: 'drain', from: began + 12_000, to: began + 20_000 },
  { host: 'master-1', what: 'kube-apiserver', from: began + 2000, to: began + 9000 },
];

const kinds = ['new', 'kept', 'write', 'watch', 'service'] as const;

/** What the instruments of an upgrade recorded: clients of one node, and what happened to those that `failures` names. */
function upgraded(failures: Readonly<Record<number, string>> = {}): FailoverResult {
  const probes = kinds.map((kind) => ({
    ...probe({ host: 'node-1', kind, slowMs: 40, ...(kind === 'new' && { failures }) }),
    longestGapMs: 400,
  }));
  const stopped = { probes, nodes: { notReady: 1, renewalGapMs: 10_000 }, seen: [] };
  return resultOf(seedCluster(), { began, ended: began + 40_000, seen: [], stopped }, steps);
}

const verdictOf = (result: FailoverResult) => judge(result, defaultThresholds);
const reportsOf = (result: FailoverResult) => makeReports(result, verdictOf(result), '');

test('an upgrade is judged by what clients notice; no lease must move, no host must come back, and kubelets restart', () => {
  const { passes, failures } = verdictOf(upgraded());
  expect(failures).toEqual([]);
  expect(passes.map(({ figure }) => figure)).toEqual([
    ...['failedRequests', 'longestGapMs', 'keptGapMs', 'watchGapMs', 'failedWrites', 'writeGapMs'],
    ...['failedServiceRequests'],
  ]);
});

test('a failed request is never excused, because no master is lost', () => {
  const { failures } = verdictOf(upgraded({ 0: 'socket hang up' }));
  expect(failures.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^1 of \d+ new connections failed \(limit 0\): 1 × socket hang up$/),
  ]);
});

test('bad figures of a runner that stopped meanwhile say so; good ones need no excuse', () => {
  const pause = { ms: 9000, track: 'runner', what: 'the runner stopped for 8.5 s' } as const;
  const stopped = (result: FailoverResult) => ({ ...result, timeline: [...result.timeline, pause] });
  const { failures } = verdictOf(stopped(upgraded({ 0: 'aborted' })));
  expect(failures.map(({ text }) => text)).toEqual([
    expect.stringMatching(/new connections failed/),
    expect.stringMatching(/^the runner itself stopped once/),
  ]);
  expect(verdictOf(stopped(upgraded())).failures).toEqual([]);
});

test('its outputs are the figures of clients', () => {
  const outputs = upgradeOutputsOf(upgraded());
  expect(Object.keys(outputs)).toEqual([
    ...['requests', 'failed-requests', 'slowest-ms', 'longest-gap-ms', 'kept-gap-ms', 'watch-gap-ms', 'failed-writes'],
    ...['write-gap-ms', 'service-requests', 'failed-service-requests'],
  ]);
  expect(outputs).toMatchObject({ 'failed-requests': '0', 'longest-gap-ms': '400' });
});

test('page and summary have its steps on the axis of time, and no word of a fault', () => {
  const { html, summary, json, name, warnings } = reportsOf(upgraded());
  expect({ name, warnings }).toEqual({ name: 'upgrade-report-seed', warnings: [] });
  const data = reportSchema.parse(JSON.parse(json));
  expect(data.steps).toEqual([
    { host: 'master-1', what: 'kube-apiserver', fromMs: 2000, toMs: 9000 },
    { host: 'node-1', what: 'drain', fromMs: 12_000, toMs: 20_000 },
    { host: 'node-1', what: 'kubelet', fromMs: 20_000, toMs: 31_000 },
  ]);
  const chart = JSON.parse(/id="data">(.*?)<\/script>/s.exec(html)?.[1] ?? '');
  expect(chart).toMatchObject({ restoreMs: 40_000, movedMs: 40_000, flags: ['begin', 'end'] });
  expect(chart.lanes.slice(0, 2)).toEqual([
    { title: 'master-1', marks: [expect.objectContaining({ from: 2000, to: 9000, name: 'kube-apiserver' })] },
    {
      title: 'node-1',
      marks: [
        expect.objectContaining({ from: 12_000, to: 20_000, name: 'drain', style: 'calm' }),
        expect.objectContaining({ from: 20_000, to: 31_000, name: 'kubelet', style: 'half' }),
      ],
    },
  ]);
  expect(html).toMatch(/<h1>upgraded to Kubernetes 1\.\d+\.\d+ with etcd 3\.\d+\.\d+<\/h1>/);
  const steps = /<caption>Steps of the upgrade<\/caption>.*?<\/table>/s.exec(html)?.[0] ?? '';
  expect(steps.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')).toContain(
    'node-1 drain +12.000 s 8.00 s node-1 restarts kubelet +20.000 s',
  );
  expect(html).toMatch(/a watch on what is written<\/td><td>\d+<\/td><td>0<\/td><td>–<\/td><td>–<\/td>/);
  expect(summary).toContain('The upgrade ended at +40.000 s.');
  expect(summary).toMatch(/section master-1\n {2}kube-apiserver :active/);
  const visible = html.replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '').replace(/<[^>]+>/g, ' ');
  expect(`${visible}\n${summary}`).not.toMatch(/\bfault\b|\blost\b|\bback in step\b|\bcame back\b/i);
});
