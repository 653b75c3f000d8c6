import { rejoinNames } from '../github/inputs.ts';
import { applyBootstrapManifests } from '../phases/apply-manifests.ts';
import { fetchBinaries } from '../phases/apply-role.ts';
import { joinNodes, settleNodes } from '../phases/join-nodes.ts';
import { roleAction } from './roles/role-action.ts';

await roleAction('node', {
  title: 'Nodes',
  rejoin: rejoinNames,
  phases: (clusterFile) => [applyBootstrapManifests(clusterFile), fetchBinaries, joinNodes, settleNodes],
});
