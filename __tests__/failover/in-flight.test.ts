import { expect, test } from '@jest/globals';
import { failuresOf } from '../../src/failover/in-flight.ts';
import { figuresOf } from '../../src/failover/instruments/samples.ts';
import { defaultThresholds, judge } from '../../src/failover/verdict.ts';

const began = '2026-11-23T01:00:00.000Z';
const at = (seconds: number) => Date.parse(began) + seconds * 1000;
const failed = (seconds: number, ms: number) => ({ at: at(seconds), ms, error: 'socket hang up' });

const result = (fault: string, samples: readonly ReturnType<typeof failed>[]) => {
  const all = [...samples, { at: at(9), ms: 20 }];
  return {
    fault,
    began,
    hitMs: 300,
    probes: [{ ...figuresOf('node-1', 'new', all, { from: at(-2), to: at(10) }), samples: all }],
  };
};

test.each(['kill', 'freeze'])(
  'a request that was inside of the master when %s hit it is no failure of the balancer',
  (fault) => {
    const inside = [failed(-0.1, 150), failed(0, 400), failed(2.4, 2000)];
    expect(failuresOf(result(fault, inside), 'new')).toEqual({ inside: 3, failed: 0 });
  },
);

test('nothing excuses a request that failed before the fault, was begun when the balancer had noticed, or hung', () => {
  const others = [failed(-1, 200), failed(2.6, 100), failed(1, 2600)];
  expect(failuresOf(result('freeze', others), 'new')).toEqual({ inside: 0, failed: 3 });
});

test.each(['poweroff', 'cut-network'])('%s costs what was begun until the host was gone, and no more', (fault) => {
  expect(failuresOf(result(fault, [failed(-0.05, 1300), failed(0.25, 900)]), 'new')).toEqual({ inside: 2, failed: 0 });
  const others = [failed(-1, 900), failed(0.31, 300), failed(0.1, 2600)];
  expect(failuresOf(result(fault, others), 'new')).toEqual({ inside: 0, failed: 3 });
});

test.each(['stop-services', 'disk-full'])('%s costs no request at all', (fault) => {
  expect(failuresOf(result(fault, [failed(0.1, 400)]), 'new')).toEqual({ inside: 0, failed: 1 });
  expect(failuresOf(result(fault, [failed(0.1, 400)]), 'write')).toEqual({ inside: 0, failed: 0 });
});

test('the verdict tells of them, and limits the others', () => {
  const told = (samples: readonly ReturnType<typeof failed>[]) => {
    const { passes, failures } = judge(
      {
        ...result('freeze', samples),
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
    const about = (lines: readonly string[]) => lines.filter((line) => line.includes('new connections'));
    return { passes: about(passes), failures: about(failures) };
  };
  const inside = failed(0.1, 400);
  expect(told([inside])).toEqual({
    passes: ['0 of 2 new connections failed (limit 0), besides 1 that master-1 had accepted'],
    failures: [],
  });
  expect(told([inside, failed(1, 5000)])).toEqual({
    passes: [],
    failures: ['1 of 3 new connections failed (limit 0), besides 1 that master-1 had accepted: 2 × socket hang up'],
  });
});
