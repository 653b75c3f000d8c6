import type { CommonInputs } from '../../github/inputs.ts';
import type { RoleInputs } from '../../github/role-inputs.ts';
import { applyRole } from '../../phases/apply-role.ts';
import { changeEtcdMembers } from '../../phases/change-etcd-members.ts';
import { fetchBinaries } from '../../phases/fetch-binaries.ts';
import { freeEtcdSpace } from '../../phases/free-etcd-space.ts';
import { planEtcdMembers } from '../../phases/plan-etcd-members.ts';
import { workOnRole } from './role.ts';

interface Inputs extends CommonInputs, RoleInputs {
  readonly forceRestart: boolean;
  readonly forget: readonly string[];
  readonly defragment: boolean;
}

/** etcd members. */
export async function etcd(inputs: Inputs): Promise<void> {
  const phases = [
    planEtcdMembers,
    fetchBinaries,
    changeEtcdMembers(),
    applyRole('etcd', 'Apply etcd'),
    freeEtcdSpace(inputs.defragment),
  ];
  await workOnRole('etcd', inputs, { title: 'etcd', phases });
}
