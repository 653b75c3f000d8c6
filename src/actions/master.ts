import { booleanInput } from '../github/inputs.ts';
import { applyMasters, waitForMasters } from '../phases/apply-masters.ts';
import { fetchBinaries } from '../phases/apply-role.ts';
import { roleAction } from './roles/role-action.ts';

await roleAction('master', {
  title: 'Masters',
  forceRestart: () => booleanInput('force-restart'),
  phases: () => [fetchBinaries, applyMasters, waitForMasters],
});
