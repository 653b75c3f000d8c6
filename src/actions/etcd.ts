import { booleanInput, forgetNames } from '../github/inputs.ts';
import { applyRole, fetchBinaries } from '../phases/apply-role.ts';
import { changeEtcdMembers } from '../phases/change-etcd-members.ts';
import { planEtcdMembers } from '../phases/plan-etcd-members.ts';
import { roleAction } from './roles/role-action.ts';

await roleAction('etcd', {
  title: 'etcd',
  forceRestart: () => booleanInput('force-restart'),
  forget: forgetNames,
  phases: () => [planEtcdMembers, fetchBinaries, changeEtcdMembers(), applyRole('etcd', 'Apply etcd')],
});
