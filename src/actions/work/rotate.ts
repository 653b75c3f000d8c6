import { reporting } from '../../github/action.ts';
import { cancellation } from '../../github/cancellation.ts';
import type { CommonInputs } from '../../github/inputs.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import { soleAttemptName } from '../../github/run-name.ts';
import { checkHosts, hostChecks } from '../../phases/check-hosts.ts';
import { checkLockfile } from '../../phases/check-lockfile.ts';
import { checkRotation, refuseMemberChanges, refuseOtherNodes } from '../../phases/check-rotation.ts';
import { connectHosts } from '../../phases/connect-hosts.ts';
import { connectReachable } from '../../phases/connect-reset.ts';
import { gatherFacts } from '../../phases/gather-facts.ts';
import { observe } from '../../phases/observe.ts';
import { planEtcdMembers } from '../../phases/plan-etcd-members.ts';
import { prepareSecrets } from '../../phases/prepare-secrets.ts';
import { gatherReachedFacts, prepareRenewal, renewCertificates } from '../../phases/renew-certificates.ts';
import { type Rotated, type RotationChoices, rolesOf, rotations } from '../../phases/rotations.ts';
import { newRun, type Run } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';

const halfway = 'The cluster works in every stage: run the rotation again, it continues where this run stopped.';

interface Inputs extends CommonInputs, RotationChoices {
  readonly what: Rotated | 'certificates';
}

/** Replaces a key or a CA of the cluster, in stages that are each safe to stop after, or renews the certificates of the hosts that can be reached. */
export async function rotate({ what, cluster, clusterFile, access, name, commit, ...choices }: Inputs): Promise<void> {
  const attempt = soleAttemptName();
  const run = newRun({ cluster, access, dryRun: false, name, attempt, commit, log: githubLog, mask });
  const work = what === 'certificates' ? renewal() : rotation(what, choices, clusterFile);
  await reporting('Rotation', run, () => work(run));
}

function rotation(what: Rotated, choices: RotationChoices, clusterFile: string) {
  const phases = [
    connectHosts('first'),
    gatherFacts,
    ...hostChecks,
    observe,
    checkRotation(rolesOf(what)),
    refuseOtherNodes(rolesOf(what)),
    checkLockfile(clusterFile, 'quiet'),
    planEtcdMembers,
    refuseMemberChanges(rolesOf(what)),
    prepareSecrets,
    rotations[what](choices),
  ] as const;
  return (run: Run) => runPhases(run, phases, { signal: cancellation({ hint: halfway }) });
}

function renewal() {
  const before = [connectReachable, gatherReachedFacts, checkHosts, observe, planEtcdMembers, prepareRenewal] as const;
  return (run: Run) => runPhases(run, [...before, renewCertificates], { signal: cancellation() });
}
