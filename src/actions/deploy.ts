import { hostsWith } from '../cluster/cluster.ts';
import { reporting, runAction } from '../github/action.ts';
import { cancellation } from '../github/cancellation.ts';
import { booleanInput, commonInputs, forgetNames, rejoinNames } from '../github/inputs.ts';
import { githubLog } from '../github/log.ts';
import { mask } from '../github/masks.ts';
import { soleAttemptName } from '../github/run-name.ts';
import { setOutput } from '../github/runner.ts';
import { gateCommand } from '../github/upgrade-gate.ts';
import { apiServerUrl } from '../layout/addresses.ts';
import { applyAddons, applyBootstrapManifests } from '../phases/apply-manifests.ts';
import { applyMasters, waitForMasters } from '../phases/apply-masters.ts';
import { applyRole, fetchBinaries } from '../phases/apply-role.ts';
import { changeEtcdMembers } from '../phases/change-etcd-members.ts';
import { checkHosts } from '../phases/check-hosts.ts';
import { connectHosts } from '../phases/connect-hosts.ts';
import { gatherFacts } from '../phases/gather-facts.ts';
import { joinNodes, settleNodes } from '../phases/join-nodes.ts';
import { forgetNodes, observe } from '../phases/observe.ts';
import { planEtcdMembers } from '../phases/plan-etcd-members.ts';
import { prepareSecrets } from '../phases/prepare-secrets.ts';
import { removeHosts } from '../phases/remove-hosts.ts';
import { newRun } from '../phases/run.ts';
import { runPhases } from '../phases/run-phases.ts';
import { waitForEtcdMembers } from '../phases/wait-for-etcd-members.ts';

await runAction(async () => {
  const { cluster, clusterFile, access, dryRun, name } = commonInputs();
  const more = { rejoin: rejoinNames(cluster), forget: forgetNames(cluster), gate: gateCommand(cluster, dryRun) };
  const run = newRun({ cluster, access, dryRun, name, attempt: soleAttemptName(), log: githubLog, mask, ...more });
  const [master] = hostsWith(cluster, 'master');
  if (master) setOutput('endpoint', apiServerUrl(master.address, cluster.api.port));
  await reporting('Deployment', run, () =>
    runPhases(
      run,
      [
        connectHosts('first', booleanInput('force-restart')),
        gatherFacts,
        checkHosts,
        observe,
        planEtcdMembers,
        forgetNodes,
        prepareSecrets,
        fetchBinaries,
        changeEtcdMembers(),
        applyRole('etcd', 'Apply etcd'),
        waitForEtcdMembers,
        applyMasters,
        waitForMasters,
        applyBootstrapManifests(clusterFile),
        joinNodes,
        settleNodes,
        removeHosts,
        applyAddons(clusterFile),
      ],
      { signal: cancellation() },
    ),
  );
});
