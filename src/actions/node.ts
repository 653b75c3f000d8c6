import { runClusterAction } from '../github/cluster-action.ts';
import { rejoinNames } from '../github/inputs.ts';
import { roleInputs } from '../github/role-inputs.ts';

await runClusterAction(
  (common) => ({ ...roleInputs('node', common), rejoin: rejoinNames(common.cluster) }),
  async () => (await import('./work/node.ts')).node,
);
