import { test } from '@jest/globals';
import fc from 'fast-check';
import { converge, starts } from '../plan/convergence.ts';

test('from each of 100,000 states, plan after plan ends with the file’s members or a refusal, and never without a quorum', () => {
  fc.assert(fc.property(starts, converge), { numRuns: 100_000 });
}, 600_000);
