import { applyAddons, applyBootstrapManifests } from '../../phases/apply-manifests.ts';
import { applyMasters, waitForMasters } from '../../phases/apply-masters.ts';
import { applyRole } from '../../phases/apply-role.ts';
import { changeEtcdMembers } from '../../phases/change-etcd-members.ts';
import { fetchBinaries } from '../../phases/fetch-binaries.ts';
import { joinNodes, settleNodes } from '../../phases/join-nodes.ts';
import { observeAddons } from '../../phases/observe.ts';
import { planEtcdMembers } from '../../phases/plan-etcd-members.ts';
import { prepareSecrets } from '../../phases/prepare-secrets.ts';
import { removeHosts } from '../../phases/remove-hosts.ts';
import { waitForEtcdMembers } from '../../phases/wait-for-etcd-members.ts';

/** The phases of a deployment up to masters that serve, once etcd has its data. */
export const deployMasters = [
  planEtcdMembers,
  prepareSecrets,
  fetchBinaries,
  changeEtcdMembers(),
  applyRole('etcd', 'Apply etcd'),
  waitForEtcdMembers,
  applyMasters,
  waitForMasters,
] as const;

/** The rest of a deployment. What ran before it could not be asked for the versions of add-ons. */
export function deployNodes(clusterFile: string) {
  return [
    observeAddons,
    applyBootstrapManifests(clusterFile),
    joinNodes,
    settleNodes,
    removeHosts,
    applyAddons(clusterFile),
  ] as const;
}
