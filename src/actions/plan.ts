import { hostsWith } from '../cluster/cluster.ts';
import { roles } from '../cluster/schema.ts';
import { reporting, runAction } from '../github/action.ts';
import { cancellation } from '../github/cancellation.ts';
import { commonInputs, forgetNames } from '../github/inputs.ts';
import { githubLog } from '../github/log.ts';
import { mask } from '../github/masks.ts';
import { setOutput } from '../github/runner.ts';
import { applyAddons, applyBootstrapManifests } from '../phases/apply-manifests.ts';
import { applyRole } from '../phases/apply-role.ts';
import { checkHosts } from '../phases/check-hosts.ts';
import { connectHosts } from '../phases/connect-hosts.ts';
import { gatherFacts } from '../phases/gather-facts.ts';
import { joinNodes } from '../phases/join-nodes.ts';
import { matrixOf } from '../phases/matrix.ts';
import { observe } from '../phases/observe.ts';
import { planEtcdMembers } from '../phases/plan-etcd-members.ts';
import { prepareSecrets } from '../phases/prepare-secrets.ts';
import { removeHosts } from '../phases/remove-hosts.ts';
import { newRun } from '../phases/run.ts';
import { runPhases } from '../phases/run-phases.ts';

await runAction(async () => {
  const { cluster, clusterFile, access, name } = commonInputs();
  setOutput('name', cluster.name);
  for (const role of roles) {
    const names = hostsWith(cluster, role).map((host) => host.name);
    setOutput(role, matrixOf(names));
  }
  const forget = forgetNames(cluster);
  const run = newRun({ cluster, access, dryRun: true, name, log: githubLog, mask, forget });
  await reporting('Plan', run, () =>
    runPhases(
      run,
      [
        connectHosts(),
        gatherFacts,
        checkHosts,
        observe,
        planEtcdMembers,
        prepareSecrets,
        applyRole('etcd', 'Plan etcd'),
        applyRole('master', 'Plan masters'),
        applyBootstrapManifests(clusterFile),
        joinNodes,
        removeHosts,
        applyAddons(clusterFile),
      ],
      { signal: cancellation() },
    ),
  );
});
