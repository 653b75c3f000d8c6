import type { CommonInputs } from '../../github/inputs.ts';
import type { RoleInputs } from '../../github/role-inputs.ts';
import { applyBootstrapManifests } from '../../phases/apply-manifests.ts';
import { fetchBinaries } from '../../phases/fetch-binaries.ts';
import { joinNodes, settleNodes } from '../../phases/join-nodes.ts';
import { workOnRole } from './role.ts';

interface Inputs extends CommonInputs, RoleInputs {
  readonly rejoin: readonly string[];
}

/** Nodes, which join through the API. */
export async function node(inputs: Inputs): Promise<void> {
  const phases = [applyBootstrapManifests(inputs.clusterFile), fetchBinaries, joinNodes, settleNodes];
  await workOnRole('node', inputs, { title: 'Nodes', phases });
}
