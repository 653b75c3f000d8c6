import { runClusterAction } from '../github/cluster-action.ts';
import { confirmedHosts } from '../github/inputs.ts';

await runClusterAction(
  ({ cluster }) => ({ targets: confirmedHosts(cluster) }),
  async () => (await import('./work/reset.ts')).reset,
);
