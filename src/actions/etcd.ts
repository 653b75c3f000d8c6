import { runClusterAction } from '../github/cluster-action.ts';
import { booleanInput, forgetNames } from '../github/inputs.ts';
import { roleInputs } from '../github/role-inputs.ts';

await runClusterAction(
  (common) => ({
    ...roleInputs('etcd', common),
    forget: forgetNames(common.cluster),
    forceRestart: booleanInput('force-restart'),
    defragment: booleanInput('defragment'),
  }),
  async () => (await import('./work/etcd.ts')).etcd,
);
