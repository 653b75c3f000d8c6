import { describe, expect, test } from '@jest/globals';
import { failuresOf } from '../../src/failover/in-flight.ts';
import { figuresOf, type ProbeFigures, type Sample } from '../../src/failover/instruments/samples.ts';
import { defaultThresholds, type Judgement, judge } from '../../src/failover/verdict.ts';

const began = '2026-11-23T01:00:00.000Z';
const at = (seconds: number) => Date.parse(began) + seconds * 1000;
const failed = (seconds: number, ms: number, error = 'socket hang up'): Sample => ({ at: at(seconds), ms, error });
const answered = (seconds: number): Sample => ({ at: at(seconds), ms: 20 });

const probe = (kind: ProbeFigures['kind'], samples: readonly Sample[], host = 'node-1'): ProbeFigures => ({
  ...figuresOf(host, kind, samples, { from: at(-2), to: at(10) }),
  samples,
});

const result = (fault: string, samples: readonly Sample[], hitMs = 300) => ({
  fault,
  began,
  hitMs,
  masters: 3,
  probes: [probe('new', [...samples, answered(9)])],
});

/** Requests from `from` to `to`, in seconds, each 150 ms as the probe makes them. */
const every = <T>(from: number, to: number, sample: (seconds: number, index: number) => T): readonly T[] =>
  Array.from({ length: Math.round((to - from) / 0.15) }, (_, index) => sample(from + index * 0.15, index));

describe.each(['kill', 'poweroff', 'cut-network'])('%s', (fault) => {
  test('excuses what was pending at one moment while it was injected', () => {
    const pending = [failed(-0.05, 1300), failed(0.1, 900), failed(0.25, 900)];
    expect(failuresOf(result(fault, pending), 'new')).toEqual({ inFlight: 3, failed: 0 });
  });

  test('excuses no request that failed before it, began after the host was lost, or hung', () => {
    const others = [failed(-1, 900), failed(0.9, 300), failed(0.1, 2600)];
    expect(failuresOf(result(fault, others), 'new')).toEqual({ inFlight: 0, failed: 3 });
  });

  test('excuses one of those that failed one after another', () => {
    const total = every(0, 2.1, (seconds) => failed(seconds, 5));
    expect(failuresOf(result(fault, total, 2000), 'new')).toEqual({ inFlight: 1, failed: 13 });
  });

  test('excuses no connection that was refused, and no answer', () => {
    const errors = [
      'connect ECONNREFUSED 127.0.0.1:5002',
      '(SSH) Channel open failure: Connection refused',
      'status 500',
    ];
    const refused = errors.map((error) => failed(-0.01, 50, error));
    expect(failuresOf(result(fault, refused), 'new')).toEqual({ inFlight: 0, failed: 3 });
  });

  test('excuses no request later than 10 s after the start of a command that takes a minute', () => {
    expect(failuresOf(result(fault, [failed(9.8, 400)], 60_000), 'new')).toEqual({ inFlight: 1, failed: 0 });
    expect(failuresOf(result(fault, [failed(10.6, 400)], 60_000), 'new')).toEqual({ inFlight: 0, failed: 1 });
  });

  test('had one moment for reads and writes', () => {
    const [early, late] = [failed(0, 50), failed(0.2, 60)];
    const probes = [probe('new', [early, failed(0.21, 50)]), probe('write', [late])];
    const both = { ...result(fault, []), probes };
    expect(failuresOf(both, 'new')).toEqual({ inFlight: 1, failed: 1 });
    expect(failuresOf(both, 'write')).toEqual({ inFlight: 1, failed: 0 });
  });
});

test.each(['poweroff', 'cut-network'])('%s ends with its command: later requests count', (fault) => {
  expect(failuresOf(result(fault, [failed(0.31, 300)]), 'new')).toEqual({ inFlight: 0, failed: 1 });
});

describe('freeze', () => {
  const third = (seconds: number, index: number) => (index % 3 === 0 ? failed(seconds, 700) : answered(seconds));

  test('excuses the share of connections that a frozen master accepted until the balancer noticed', () => {
    expect(failuresOf(result('freeze', every(0, 1.8, third)), 'new')).toEqual({ inFlight: 4, failed: 0 });
    expect(failuresOf(result('freeze', [failed(-0.1, 150), failed(2.4, 2000)]), 'new')).toMatchObject({ failed: 1 });
  });

  test('excuses no more than that share when every connection fails', () => {
    const total = every(0, 2.4, (seconds) => failed(seconds, 700));
    expect(failuresOf(result('freeze', total), 'new')).toEqual({ inFlight: 6, failed: 10 });
  });

  test('excuses no request that failed before it, began after the load balancer had noticed, hung or was refused', () => {
    const others = [failed(-1, 200), failed(2.6, 100), failed(1, 2600), failed(1, 10, 'connect ECONNREFUSED')];
    expect(failuresOf(result('freeze', others), 'new')).toEqual({ inFlight: 0, failed: 4 });
  });

  test('takes its share of reads and writes of one node together', () => {
    const probes = [
      probe('new', every(0, 2.4, answered)),
      probe(
        'write',
        every(0, 0.9, (seconds) => failed(seconds, 700)),
      ),
    ];
    expect(failuresOf({ ...result('freeze', []), probes }, 'write')).toEqual({ inFlight: 6, failed: 0 });
  });

  test('takes its share of each node by itself', () => {
    const total = every(0, 2.4, (seconds) => failed(seconds, 700));
    const probes = [probe('new', total), probe('new', every(0, 2.4, answered), 'node-2')];
    expect(failuresOf({ ...result('freeze', []), probes }, 'new')).toEqual({ inFlight: 6, failed: 10 });
  });
});

test.each(['stop-services', 'disk-full'])('%s excuses no request', (fault) => {
  expect(failuresOf(result(fault, [failed(0.1, 400)]), 'new')).toEqual({ inFlight: 0, failed: 1 });
  expect(failuresOf(result(fault, [failed(0.1, 400)]), 'write')).toEqual({ inFlight: 0, failed: 0 });
});

test('the verdict reports them, and limits the others', () => {
  const judged = (samples: readonly Sample[]) => {
    const { passes, failures } = judge(
      {
        ...result('kill', samples),
        cluster: 'seed',
        target: 'master-1',
        transfers: [],
        transferMs: 1,
        restoreMs: 1,
        rejoinMs: 1,
        timeline: [],
        troubles: [],
      },
      defaultThresholds,
    );
    const about = (lines: readonly Judgement[]) =>
      lines.map(({ text }) => text).filter((line) => line.includes('new connections'));
    return { passes: about(passes), failures: about(failures) };
  };
  const pending = failed(0.1, 400);
  expect(judged([pending])).toEqual({
    passes: ['0 of 2 new connections failed (limit 0), besides 1 that may have been accepted by master-1'],
    failures: [],
  });
  expect(judged([pending, failed(1, 5000)])).toEqual({
    passes: [],
    failures: [
      '1 of 3 new connections failed (limit 0), besides 1 that may have been accepted by master-1: 2 × socket hang up',
    ],
  });
});
