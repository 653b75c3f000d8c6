import { booleanInput } from '../github/inputs.ts';
import { applyRole, fetchBinaries } from '../phases/apply-role.ts';
import { roleAction } from './roles/role-action.ts';

await roleAction('etcd', {
  title: 'etcd',
  forceRestart: () => booleanInput('force-restart'),
  phases: () => [fetchBinaries, applyRole('etcd', 'Apply etcd')],
});
