import type { CommonInputs } from '../../github/inputs.ts';
import type { RoleInputs } from '../../github/role-inputs.ts';
import { applyMasters, waitForMasters } from '../../phases/apply-masters.ts';
import { fetchBinaries } from '../../phases/fetch-binaries.ts';
import { workOnRole } from './role.ts';

interface Inputs extends CommonInputs, RoleInputs {
  readonly forceRestart: boolean;
}

/** API server, controller-manager and scheduler. */
export async function master(inputs: Inputs): Promise<void> {
  await workOnRole('master', inputs, { title: 'Masters', phases: [fetchBinaries, applyMasters, waitForMasters] });
}
