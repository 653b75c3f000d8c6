import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { PendingRequests } from '../../../src/failover/instruments/pending-requests.ts';

test('requests with an answer in time are not reported, and hanging ones have failed', async () => {
  const under = new PendingRequests();
  under.add(delay(20));
  under.add(delay(100));
  expect(await under.hanging()).toEqual([]);

  const never = Promise.withResolvers<void>();
  under.add(never.promise);
  under.add(delay(20));
  const hanging = await under.hanging();
  expect(hanging).toEqual([{ at: expect.any(Number), ms: expect.any(Number), error: 'no answer by the end' }]);
  expect(hanging[0]?.ms).toBeGreaterThan(2000);
  expect(under.size).toBe(1);
  never.resolve();
});
