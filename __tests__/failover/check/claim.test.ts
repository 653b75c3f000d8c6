import { expect, jest, test } from '@jest/globals';
import { Problem } from '../../../src/errors.ts';
import { claimCluster } from '../../../src/failover/check/claim.ts';
import { type ApiClient, ApiProblem } from '../../../src/kubernetes/index.ts';

/** An API server with one Lease. */
function apiWith(lease: object | undefined) {
  const did: string[] = [];
  const api = {
    get: async () => {
      if (lease) return lease;
      throw new ApiProblem('not found', { code: 'API_NOT_FOUND' }, 404);
    },
    create: async () => void did.push('create'),
    patch: async () => void did.push('patch'),
  };
  return { did, apis: [api as unknown as ApiClient] };
}

const held = (holder: string, seconds: number) => ({
  metadata: { name: 'k8s-ha-action-failover', resourceVersion: '7' },
  spec: {
    holderIdentity: holder,
    leaseDurationSeconds: 30,
    renewTime: new Date(Date.now() - seconds * 1000).toISOString(),
  },
});

test('a check is refused while another one holds the cluster, by name, and changes nothing', async () => {
  const { did, apis } = apiWith(held('run 7', 20));
  await expect(claimCluster(apis, 'run 8')).rejects.toMatchObject({
    code: 'FAILOVER_RUNNING',
    message: expect.stringContaining('run 7'),
  });
  expect(did).toEqual([]);
});

test('the lease of a killed check can be taken when it has expired', async () => {
  const { did, apis } = apiWith(held('run 7', 31));
  const claim = await claimCluster(apis, 'run 8');
  await claim.release();
  expect(did).toEqual(['patch', 'patch']);
});

test('a renewal in flight arrives before the release, not after it', async () => {
  jest.useFakeTimers();
  const { promise: slow, resolve: arrive } = Promise.withResolvers<void>();
  const did: unknown[] = [];
  const patch = async (_: string, { spec }: { spec: { holderIdentity: string } }) => {
    const renews = spec.holderIdentity === 'run 8' && did.length > 0;
    if (renews) await slow;
    did.push(spec.holderIdentity);
  };
  const api = { get: async () => held('', 0), patch } as unknown as ApiClient;
  const claim = await claimCluster([api], 'run 8');
  jest.advanceTimersByTime(5000);
  const released = claim.release();
  arrive();
  await released;
  jest.useRealTimers();
  expect(did).toEqual(['run 8', 'run 8', '']);
});

test('a master that cannot be reached any more is passed over: its host has lost its power', async () => {
  const forwardFailed = async () => {
    throw new Problem('the host cannot reach 192.168.1.153:6443: Not connected', { code: 'FORWARD_FAILED' });
  };
  const lost = { get: async () => held('', 0), patch: forwardFailed } as unknown as ApiClient;
  const { did, apis } = apiWith(held('', 0));
  const claim = await claimCluster([lost, ...apis], 'run 8');
  await claim.release();
  expect(did).toEqual(['patch', 'patch']);
});
