import { test } from '@jest/globals';
import fc from 'fast-check';
import { converge, starts } from './convergence.ts';

test('from any state, plan after plan ends with the file’s members or a refusal, and never without a quorum', () => {
  fc.assert(fc.property(starts, converge), { numRuns: 800 });
});
