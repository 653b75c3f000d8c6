import { runClusterAction } from '../github/cluster-action.ts';
import { booleanInput } from '../github/inputs.ts';
import { roleInputs } from '../github/role-inputs.ts';

await runClusterAction(
  (common) => ({ ...roleInputs('master', common), forceRestart: booleanInput('force-restart') }),
  async () => (await import('./work/master.ts')).master,
);
