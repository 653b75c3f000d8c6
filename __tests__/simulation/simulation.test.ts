import { test } from '@jest/globals';
import fc from 'fast-check';
import { converge } from './converge.ts';
import { scenes } from './events.ts';

// npm run test:long does the same with 100,000 cases.
test('from any state, runs reach the file’s state or refuse with a reason, and break nothing on the way', () => {
  fc.assert(fc.property(scenes, converge), { numRuns: 250 });
});
