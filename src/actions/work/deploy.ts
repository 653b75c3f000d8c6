import { reporting } from '../../github/action.ts';
import { cancellation } from '../../github/cancellation.ts';
import type { CommonInputs } from '../../github/inputs.ts';
import type { LockInputs } from '../../github/lock-inputs.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import { soleAttemptName } from '../../github/run-name.ts';
import { setOutput } from '../../github/runner.ts';
import { apiServerUrl } from '../../layout/addresses.ts';
import { applyAddons, applyBootstrapManifests } from '../../phases/apply-manifests.ts';
import { applyMasters, waitForMasters } from '../../phases/apply-masters.ts';
import { applyRole, fetchBinaries } from '../../phases/apply-role.ts';
import { changeEtcdMembers } from '../../phases/change-etcd-members.ts';
import { hostChecks } from '../../phases/check-hosts.ts';
import { connectHosts } from '../../phases/connect-hosts.ts';
import { gatherFacts } from '../../phases/gather-facts.ts';
import { joinNodes, settleNodes } from '../../phases/join-nodes.ts';
import { forgetNodes, observe } from '../../phases/observe.ts';
import { planEtcdMembers } from '../../phases/plan-etcd-members.ts';
import { prepareSecrets } from '../../phases/prepare-secrets.ts';
import { removeHosts } from '../../phases/remove-hosts.ts';
import { newRun, type Run } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';
import { waitForEtcdMembers } from '../../phases/wait-for-etcd-members.ts';
import { lockfilePhase } from './lockfile-phase.ts';

interface Inputs extends CommonInputs, LockInputs, Pick<Run, 'gate'> {
  readonly rejoin: readonly string[];
  readonly forget: readonly string[];
  readonly forceRestart: boolean;
}

/** Everything in one job. */
export async function deploy(inputs: Inputs): Promise<void> {
  const { cluster, clusterFile } = inputs;
  const run = newRun({ ...inputs, attempt: soleAttemptName(), log: githubLog, mask });
  const master = cluster.hosts.find(({ roles }) => roles.includes('master'));
  if (master) setOutput('endpoint', apiServerUrl(master.address, cluster.api.port));
  const etcd = [changeEtcdMembers(), applyRole('etcd', 'Apply etcd'), waitForEtcdMembers] as const;
  const phases = [
    connectHosts('first', inputs.forceRestart),
    gatherFacts,
    ...hostChecks,
    observe,
    lockfilePhase(inputs),
    planEtcdMembers,
    forgetNodes,
    prepareSecrets,
    fetchBinaries,
    ...etcd,
    applyMasters,
    waitForMasters,
    applyBootstrapManifests(clusterFile),
    joinNodes,
    settleNodes,
    removeHosts,
    applyAddons(clusterFile),
  ] as const;
  await reporting('Deployment', run, () => runPhases(run, phases, { signal: cancellation() }));
}
