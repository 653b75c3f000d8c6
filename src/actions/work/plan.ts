import { reporting } from '../../github/action.ts';
import { cancellation } from '../../github/cancellation.ts';
import type { CommonInputs } from '../../github/inputs.ts';
import type { LockInputs } from '../../github/lock-inputs.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import { applyAddons, applyBootstrapManifests } from '../../phases/apply-manifests.ts';
import { applyRole } from '../../phases/apply-role.ts';
import { hostChecks } from '../../phases/check-hosts.ts';
import { connectHosts } from '../../phases/connect-hosts.ts';
import { gatherFacts } from '../../phases/gather-facts.ts';
import { joinNodes } from '../../phases/join-nodes.ts';
import { planEtcdMembers } from '../../phases/plan-etcd-members.ts';
import { prepareSecrets } from '../../phases/prepare-secrets.ts';
import { removeHosts } from '../../phases/remove-hosts.ts';
import { newRun } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';
import { observeEnds } from '../../phases/warn-of-ends.ts';
import { lockfilePhase } from './lockfile-phase.ts';

interface Inputs extends CommonInputs, LockInputs {
  readonly forget: readonly string[];
}

/** What a deployment would change, on every host; it changes nothing. */
export async function plan(inputs: Inputs): Promise<void> {
  const { cluster, clusterFile, access, name, forget } = inputs;
  const run = newRun({ cluster, access, dryRun: true, name, log: githubLog, mask, forget });
  await reporting('Plan', run, () =>
    runPhases(
      run,
      [
        connectHosts(),
        gatherFacts,
        ...hostChecks,
        ...observeEnds,
        lockfilePhase(inputs),
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
}
