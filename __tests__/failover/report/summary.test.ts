import { expect, test } from '@jest/globals';
import type { ProbeFigures } from '../../../src/failover/instruments/samples.ts';
import { outputsOf } from '../../../src/failover/outputs.ts';
import { report } from '../../../src/failover/report/summary.ts';
import type { FailoverResult } from '../../../src/failover/result.ts';
import { defaultThresholds, type Judgement, judge } from '../../../src/failover/verdict.ts';

const began = '2026-11-23T02:00:00.000Z';
const probe = (kind: ProbeFigures['kind'], change: Partial<ProbeFigures> = {}): ProbeFigures => ({
  host: 'node-1',
  kind,
  requests: 300,
  failed: 0,
  medianMs: 9,
  slowestMs: 310,
  longestGapMs: 350,
  longestGapAt: Date.parse(began) + 200,
  errors: [],
  ...change,
});
const others = [probe('write', { requests: 80 }), probe('watch'), probe('service', { requests: 40 }), probe('direct')];
const moved = {
  from: 'master-1',
  to: 'master-2',
  expected: true,
  lastRenewedMs: -500,
  takenMs: 16_204,
  transitions: 1,
};
const good: FailoverResult = {
  cluster: 'seed',
  target: 'master-1',
  fault: 'poweroff',
  masters: 3,
  began,
  hitMs: 80,
  transfers: [
    { lease: 'kube-controller-manager', ...moved },
    { lease: 'kube-scheduler', ...moved, to: 'master-3', takenMs: 17_900 },
  ],
  transferMs: 17_900,
  probes: [probe('new'), probe('kept', { failed: 1, longestGapMs: 1800 }), ...others],
  nodes: { notReady: 0, renewalGapMs: 10_100 },
  placeable: true,
  placedMs: 19_400,
  restoreMs: 19_000,
  rejoinMs: 12_000,
  timeline: [
    { ms: -2000, track: 'lease', what: 'kube-scheduler: held by master-1' },
    { ms: 0, track: 'fault', what: 'poweroff of master-1 begins' },
    { ms: 31_000, track: 'rejoin', what: 'master-1: its API server is ready' },
  ],
  troubles: [],
};
const judged = (result: FailoverResult) => judge(result, defaultThresholds);
const textsOf = (lines: readonly Judgement[]) => lines.map(({ text }) => text);
const failuresOf = (change: Partial<FailoverResult>) => textsOf(judged({ ...good, ...change }).failures);

test('a good failover passes every check, each with its limit', () => {
  const { passes, failures } = judged(good);
  expect({ passes: textsOf(passes), failures }).toEqual({
    passes: [
      'kube-controller-manager went to master-2 after 16.204 s (limit 25 s)',
      'kube-scheduler went to master-3 after 17.9 s (limit 25 s)',
      '0 of 300 new connections failed (limit 0)',
      'the longest gap was 0.35 s (limit 3 s)',
      'a kept connection paused for 1.8 s (limit 5 s)',
      'a watch paused for 0.35 s (limit 5 s)',
      '0 of 80 writes failed (limit 0)',
      'the longest gap of writes was 0.35 s (limit 5 s)',
      '0 of 40 requests to a Service by its name failed (limit 0)',
      'the pod of a new Deployment had a node 1.5 s after the leases had moved (limit 10 s)',
      'nodes that stay turned NotReady 0 times (limit 0)',
      'master-1 was back and in step 12 s after the restore (limit 120 s)',
    ],
    failures: [],
  });
});

test.each<[string, Partial<FailoverResult>, string]>([
  [
    'a lease that no host acquired',
    { transfers: [{ lease: 'kube-scheduler', ...moved, to: undefined, takenMs: undefined, transitions: 0 }] },
    'kube-scheduler was not taken over from master-1',
  ],
  [
    'a lease that took too long',
    { transfers: [{ lease: 'kube-scheduler', ...moved, takenMs: 26_000 }] },
    'kube-scheduler went to master-2 after 26 s (limit 25 s)',
  ],
  [
    'a lease that went over twice',
    { transfers: [{ lease: 'kube-scheduler', ...moved, transitions: 2 }] },
    'kube-scheduler went over 2 times instead of once',
  ],
  [
    'a lease of a living master that moved',
    { transfers: [{ lease: 'kube-scheduler', ...moved, from: 'master-2', expected: false }] },
    'kube-scheduler left master-2, which was not hit: 1 transitions',
  ],
  [
    'a failed request',
    { probes: [probe('new', { failed: 1 }), probe('kept'), ...others] },
    '1 of 300 new connections failed (limit 0)',
  ],
  [
    'no request at all',
    { probes: [probe('new', { requests: 0 }), probe('kept'), ...others] },
    '0 of 0 new connections failed (limit 0)',
  ],
  [
    'a long gap',
    { probes: [probe('new', { longestGapMs: 3001 }), probe('kept'), ...others] },
    'the longest gap was 3.001 s (limit 3 s)',
  ],
  [
    'a failed write',
    { probes: [probe('new'), probe('write', { requests: 80, failed: 2 })] },
    '2 of 80 writes failed (limit 0)',
  ],
  [
    'writes that paused',
    { probes: [probe('new'), probe('write', { longestGapMs: 5100 })] },
    'the longest gap of writes was 5.1 s (limit 5 s)',
  ],
  [
    'a watch that said nothing',
    { probes: [probe('new'), probe('write'), probe('watch', { longestGapMs: 8000 })] },
    'a watch paused for 8 s (limit 5 s)',
  ],
  [
    'a Service that did not answer',
    { probes: [probe('new'), probe('write'), probe('service', { requests: 40, failed: 3 })] },
    '3 of 40 requests to a Service by its name failed (limit 0)',
  ],
  [
    'a Service that did not answer, and why',
    {
      probes: [
        probe('new'),
        probe('write'),
        probe('service', { requests: 2, failed: 1, samples: [{ at: 0, ms: 5000, error: 'no answer after 5 s' }] }),
      ],
    },
    '1 of 2 requests to a Service by its name failed (limit 0): 1 × no answer after 5 s',
  ],
  [
    'a node that turned NotReady',
    { nodes: { notReady: 1, renewalGapMs: 50_000 } },
    'nodes that stay turned NotReady 1 times (limit 0)',
  ],
  [
    'new work that waited after the leases had moved',
    { placedMs: 30_000 },
    'the pod of a new Deployment had a node 12.1 s after the leases had moved (limit 10 s)',
  ],
  [
    'new work that got no node',
    { placedMs: undefined },
    'the pod of a new Deployment got no node while the fault lasted',
  ],
  ['a host that stayed away', { rejoinMs: undefined }, 'master-1 did not come back into step'],
  ['a trouble', { troubles: ['failed to restore master-1: x'] }, 'failed to restore master-1: x'],
])('the verdict fails for %s, in one line', (_, change, line) => {
  expect(failuresOf(change)).toEqual([line]);
});

test('a cluster without a probed node is judged by its leases and its rejoin', () => {
  expect(failuresOf({ probes: [] })).toEqual([]);
  expect(report({ ...good, probes: [] }, judged({ ...good, probes: [] }))).toContain('No node’s balancer was probed');
});

test('the report has the figures, the chart and the timeline', () => {
  const text = report(good, judged(good));
  expect(text).toContain('## ✅ seed: master-1 lost by poweroff');
  expect(text).toContain('| kube-scheduler | master-1 | master-3 | -500 ms | 17900 ms | 1 |');
  expect(text).toContain(
    'section kube-scheduler\n  master-1 :done, 0, 1500\n  nobody :crit, 1500, 19900\n  master-3 :active',
  );
  expect(text).toContain('| +31.000 s | rejoin | master-1: its API server is ready |');
});

test('no observed text breaks the table or the chart', () => {
  const what = 'a | b\n```; <script>: c';
  const text = report({ ...good, timeline: [{ ms: 1, track: 'rejoin', what }], troubles: [what] }, judged(good));
  expect(text).not.toContain('<script>');
  expect(text.split('\n').filter((line) => line.startsWith('```'))).toHaveLength(2);
});

test('a report never gets too long for GitHub, and keeps the important parts', () => {
  const timeline = Array.from({ length: 5000 }, (_, ms) => ({ ms, track: 'rejoin' as const, what: 'x'.repeat(5000) }));
  const troubles = Array.from({ length: 10 }, () => 'y'.repeat(10_000));
  const result = { ...good, timeline, troubles };
  const text = report(result, judged(result));
  expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
  expect(text).toContain('❌');
});

test('the outputs have every figure with its own name', () => {
  expect(outputsOf(good)).toEqual({
    target: 'master-1',
    'transfer-ms': '17900',
    'failed-writes': '0',
    'write-gap-ms': '350',
    'watch-gap-ms': '350',
    'api-server-gap-ms': '350',
    'service-requests': '40',
    'failed-service-requests': '0',
    'not-ready-nodes': '0',
    'node-renewal-gap-ms': '10100',
    'placed-ms': '19400',
    requests: '300',
    'failed-requests': '0',
    'slowest-ms': '310',
    'longest-gap-ms': '350',
    'kept-gap-ms': '1800',
    'rejoin-ms': '12000',
    'controller-manager-old-leader': 'master-1',
    'controller-manager-new-leader': 'master-2',
    'controller-manager-transfer-ms': '16204',
    'scheduler-old-leader': 'master-1',
    'scheduler-new-leader': 'master-3',
    'scheduler-transfer-ms': '17900',
  });
});
