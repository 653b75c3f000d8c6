import { booleanInput } from '../github/inputs.ts';
import { applyRole, fetchBinaries } from '../phases/apply-role.ts';
import { waitForMasters } from '../phases/wait-for-masters.ts';
import { roleAction } from './roles/role-action.ts';

await roleAction('master', {
  title: 'Masters',
  forceRestart: () => booleanInput('force-restart'),
  phases: () => [fetchBinaries, applyRole('master', 'Apply masters'), waitForMasters],
});
