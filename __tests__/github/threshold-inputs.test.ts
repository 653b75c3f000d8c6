import { expect, test } from '@jest/globals';
import { limited, type Thresholds } from '../../src/failover/figure-groups.ts';
import { figuresOf, type ProbeFigures } from '../../src/failover/instruments/samples.ts';
import { defaultThresholds, judge } from '../../src/failover/verdict.ts';
import { thresholdInputs } from '../../src/github/threshold-inputs.ts';
import { withInputs } from './workflow-commands.ts';

/** Each input, a unique value, and its limit. */
const table = [
  ['max-transfer-seconds', '11', 'transferMs', 11_000],
  ['max-failed-requests', '12', 'failedRequests', 12],
  ['max-gap-seconds', '13', 'longestGapMs', 13_000],
  ['max-kept-gap-seconds', '14', 'keptGapMs', 14_000],
  ['max-watch-gap-seconds', '15', 'watchGapMs', 15_000],
  ['max-failed-writes', '16', 'failedWrites', 16],
  ['max-write-gap-seconds', '17', 'writeGapMs', 17_000],
  ['max-failed-service-requests', '18', 'failedServiceRequests', 18],
  ['max-placing-seconds', '19', 'placingMs', 19_000],
  ['max-not-ready-nodes', '20', 'notReadyNodes', 20],
  ['max-rejoin-seconds', '21', 'rejoinMs', 21_000],
] as const;

async function limitsBy(inputs: Readonly<Record<string, string>>): Promise<Thresholds> {
  let limits: Thresholds | undefined;
  await withInputs(inputs, () => {
    limits = thresholdInputs(limited);
  });
  if (!limits) throw new Error('the inputs were not read');
  return limits;
}

test('each of the eleven inputs sets the limit of its own name', async () => {
  const limits = await limitsBy(Object.fromEntries(table.map(([input, value]) => [input, value])));
  expect(limits).toEqual(Object.fromEntries(table.map(([, , limit, value]) => [limit, value])));
});

test('an input that is not set leaves the default', async () => {
  expect(await limitsBy({})).toEqual(defaultThresholds);
  expect(await limitsBy({ 'max-rejoin-seconds': '1' })).toEqual({ ...defaultThresholds, rejoinMs: 1000 });
});

const began = Date.parse('2026-11-23T01:00:00Z');
const probe = (kind: ProbeFigures['kind'], everyMs: number, failures: number): ProbeFigures => ({
  ...figuresOf('node-1', kind, [], { from: began, to: began + everyMs }),
  requests: 100,
  failed: failures,
});

/** A check that exceeds each limit of the table by one. */
const worse = {
  cluster: 'seed',
  target: 'master-1',
  fault: 'stop-services',
  masters: 3,
  began: new Date(began).toISOString(),
  hitMs: 0,
  transfers: [
    {
      lease: 'kube-scheduler',
      from: 'master-1',
      to: 'master-2',
      expected: true,
      lastRenewedMs: 0,
      takenMs: 11_001,
      transitions: 1,
    },
  ],
  transferMs: 11_001,
  probes: [
    probe('new', 13_001, 13),
    probe('kept', 14_001, 0),
    probe('watch', 15_001, 0),
    probe('write', 17_001, 17),
    probe('service', 0, 19),
  ],
  nodes: { notReady: 21, renewalGapMs: 0 },
  placeable: true,
  placedMs: 11_001 + 19_001,
  restoreMs: 0,
  rejoinMs: 21_001,
  timeline: [],
  troubles: [],
} as const;

test('each limit decides the verdict: one more than the limit fails, and only because of this limit', async () => {
  const inputs = Object.fromEntries(table.map(([input, value]) => [input, value]));
  const limits = await limitsBy(inputs);
  expect(judge(worse, limits).failures).toHaveLength(table.length);
  for (const [input, value] of table) {
    const wider = await limitsBy({ ...inputs, [input]: String(Number(value) + 2) });
    expect([input, judge(worse, wider).failures.length]).toEqual([input, table.length - 1]);
  }
});
