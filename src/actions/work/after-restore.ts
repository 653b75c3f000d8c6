import { applyAddons, applyBootstrapManifests } from '../../phases/apply-manifests.ts';
import { applyMasters, waitForMasters } from '../../phases/apply-masters.ts';
import { applyRole } from '../../phases/apply-role.ts';
import { changeEtcdMembers } from '../../phases/change-etcd-members.ts';
import { fetchBinaries } from '../../phases/fetch-binaries.ts';
import { joinNodes, settleNodes } from '../../phases/join-nodes.ts';
import { observeAddons } from '../../phases/observe.ts';
import { planEtcdMembers } from '../../phases/plan-etcd-members.ts';
import { prepareBackedUpSecrets, prepareSecrets } from '../../phases/prepare-secrets.ts';
import { removeHosts } from '../../phases/remove-hosts.ts';
import { restoreEtcd } from '../../phases/restore-etcd.ts';
import { waitForEtcdMembers } from '../../phases/wait-for-etcd-members.ts';

/** The CAs of a backup on the masters, and its data in etcd, which is stopped then. */
export const replaceData = [prepareBackedUpSecrets, fetchBinaries, restoreEtcd] as const;

/** The phases of a deployment before etcd starts, for a cluster whose masters have its CAs. */
export const prepareMasters = [prepareSecrets, fetchBinaries] as const;

/** The phases of a deployment from etcd to masters that serve, once etcd has its data. */
export const deployMasters = [
  planEtcdMembers,
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
