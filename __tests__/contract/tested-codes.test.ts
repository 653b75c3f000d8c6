import { expect, test } from '@jest/globals';
import { allCodes } from '../../docs/problem-codes.ts';
import { apiReasonCodes } from '../../src/error-codes.ts';
import { filesMatching, textOf } from './tree.ts';

/** Codes that no test names. The list may only become shorter: a new code needs a test that names it. */
const untested: readonly string[] = [
  'CLUSTER_AUTHENTICATION',
  'KIND_UNKNOWN',
  'LEAD_NOT_TAKEN',
  'LOCK_TIMEOUT',
  'MANIFEST_MISSING',
  'NOT_A_MASTER',
  'RELOAD_FAILED',
  'SESSION_MISSING',
  'SWAP_STAYS',
];

test('a test names every code of a problem, except for a list that only shrinks', () => {
  const here = '__tests__/contract/tested-codes.test.ts';
  // One rule converts the reasons of API servers into codes, so not every one needs a test.
  const reasons: readonly string[] = apiReasonCodes;
  const own = allCodes().filter((code) => !reasons.includes(code));
  const tests = filesMatching(/^__tests__\/.*\.ts$/)
    .filter((file) => file !== here)
    .map(textOf)
    .join('\n');
  const words = new Set(tests.match(/\b[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\b/g));
  expect(own.filter((code) => !words.has(code))).toEqual(untested);
});
