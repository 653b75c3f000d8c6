import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { figuresOf, type Sample } from '../../../src/failover/instruments/samples.ts';

const span = { from: 0, to: 1000 };
const answer = (at: number, ms = 5): Sample => ({ at, ms });

test('the longest gap is the longest time without an answer, with failures inside it', () => {
  const samples = [
    answer(0),
    answer(100),
    { at: 200, ms: 300, error: 'ECONNRESET' },
    { at: 300, ms: 10, error: 'EOF' },
    answer(600, 20),
    answer(990),
  ];
  expect(figuresOf('node-1', 'new', samples, span)).toEqual({
    host: 'node-1',
    kind: 'new',
    requests: 6,
    failed: 2,
    medianMs: 5,
    slowestMs: 20,
    longestGapMs: 515,
    longestGapAt: 105,
    errors: [
      { error: 'ECONNRESET', count: 1 },
      { error: 'EOF', count: 1 },
    ],
  });
});

test('a client that never got an answer had one gap from beginning to end', () => {
  expect(figuresOf('node-1', 'kept', [{ at: 5, ms: 995, error: 'x' }], span)).toMatchObject({
    longestGapMs: 1000,
    failed: 1,
    medianMs: 0,
  });
  expect(figuresOf('node-1', 'kept', [], span)).toMatchObject({ longestGapMs: 1000, requests: 0 });
});

test('figures hold for any order of answers', () => {
  const sample = fc.record({ at: fc.integer({ min: 0, max: 900 }), ms: fc.integer({ min: 0, max: 100 }) });
  fc.assert(
    fc.property(fc.array(sample), (samples) => {
      const { longestGapMs, slowestMs, medianMs } = figuresOf('n', 'new', samples, span);
      expect(longestGapMs).toBeLessThanOrEqual(1000);
      expect(longestGapMs * (samples.length + 1)).toBeGreaterThanOrEqual(1000);
      expect(slowestMs).toBeGreaterThanOrEqual(medianMs);
    }),
  );
});
