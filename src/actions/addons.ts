import { runClusterAction } from '../github/cluster-action.ts';

await runClusterAction(
  () => ({}),
  async () => (await import('./work/addons.ts')).addons,
);
