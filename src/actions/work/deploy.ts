import { reporting } from '../../github/action.ts';
import { cancellation } from '../../github/cancellation.ts';
import type { DeployInputs } from '../../github/deploy-inputs.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import { soleAttemptName } from '../../github/run-name.ts';
import { setOutput } from '../../github/runner.ts';
import { apiServerUrl } from '../../layout/addresses.ts';
import { applyEtcd } from '../../phases/apply-etcd.ts';
import { applyAddons, applyBootstrapManifests } from '../../phases/apply-manifests.ts';
import { applyMasters, waitForMasters } from '../../phases/apply-masters.ts';
import { changeEtcdMembers } from '../../phases/change-etcd-members.ts';
import { hostChecks } from '../../phases/check-hosts.ts';
import { connectHosts } from '../../phases/connect-hosts.ts';
import { fetchBinaries } from '../../phases/fetch-binaries.ts';
import { gatherFacts } from '../../phases/gather-facts.ts';
import { joinNodes, settleNodes } from '../../phases/join-nodes.ts';
import { measuredUpgrade } from '../../phases/measure-upgrade.ts';
import { forgetNodes } from '../../phases/observe.ts';
import { planEtcdMembers } from '../../phases/plan-etcd-members.ts';
import { prepareSecrets } from '../../phases/prepare-secrets.ts';
import { removeHosts } from '../../phases/remove-hosts.ts';
import { newRun } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';
import { observeEnds } from '../../phases/warn-of-ends.ts';
import { lockfilePhase } from './lockfile-phase.ts';
import { publishUpgrade } from './publish-upgrade.ts';

/** Everything in one job. */
export async function deploy(inputs: DeployInputs): Promise<void> {
  const run = newRun({ ...inputs, attempt: soleAttemptName(), log: githubLog, mask });
  const master = inputs.cluster.hosts.find(({ roles }) => roles.includes('master'));
  if (master) setOutput('endpoint', apiServerUrl(master.address, inputs.cluster.api.port));
  const measured = measuredUpgrade(publishUpgrade(inputs.reportTo));
  const phases = [
    connectHosts('first', inputs.forceRestart),
    gatherFacts,
    ...hostChecks,
    ...observeEnds,
    lockfilePhase(inputs),
    planEtcdMembers,
    forgetNodes,
    prepareSecrets,
    fetchBinaries,
    measured.begin,
    changeEtcdMembers(),
    ...applyEtcd(inputs.defragment),
    applyMasters,
    waitForMasters,
    applyBootstrapManifests(inputs.clusterFile),
    joinNodes,
    settleNodes,
    removeHosts,
    applyAddons(inputs.clusterFile),
    measured.end,
  ] as const;
  const ending = { signal: cancellation(), onFailure: measured.abandon };
  await reporting('Deployment', run, () => runPhases(run, phases, ending));
}
