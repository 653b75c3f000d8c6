import { runClusterAction } from '../github/cluster-action.ts';

await runClusterAction(
  // Its own inputs are the names of faults and figures, whose code reaches all of the check.
  () => ({}),
  async () => (await import('./work/verify-failover.ts')).verifyFailover,
);
