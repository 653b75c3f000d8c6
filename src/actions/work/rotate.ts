import { reporting } from '../../github/action.ts';
import { cancellation } from '../../github/cancellation.ts';
import type { CommonInputs } from '../../github/inputs.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import { soleAttemptName } from '../../github/run-name.ts';
import { hostChecks } from '../../phases/check-hosts.ts';
import { checkLockfile } from '../../phases/check-lockfile.ts';
import { checkRotation } from '../../phases/check-rotation.ts';
import { connectHosts } from '../../phases/connect-hosts.ts';
import { gatherFacts } from '../../phases/gather-facts.ts';
import { observe } from '../../phases/observe.ts';
import { planEtcdMembers } from '../../phases/plan-etcd-members.ts';
import { prepareSecrets } from '../../phases/prepare-secrets.ts';
import { rotateEncryption } from '../../phases/rotate-encryption.ts';
import { rotateServiceAccount } from '../../phases/rotate-service-account.ts';
import { newRun } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';

const halfway = 'The cluster works in every stage: run the rotation again, it continues where this run stopped.';

interface Inputs extends CommonInputs {
  readonly what: 'encryption-key' | 'service-account-key';
  /** The longest life of a service-account token that users have requested for themselves. */
  readonly tokenHours: number;
}

/** Replaces a key of the cluster, in stages that are each safe to stop after. */
export async function rotate({ what, tokenHours, cluster, clusterFile, access, name, commit }: Inputs): Promise<void> {
  const attempt = soleAttemptName();
  const run = newRun({ cluster, access, dryRun: false, name, attempt, commit, log: githubLog, mask });
  const phases = [
    connectHosts('first'),
    gatherFacts,
    ...hostChecks,
    observe,
    checkRotation,
    checkLockfile(clusterFile, 'quiet'),
    planEtcdMembers,
    prepareSecrets,
    what === 'encryption-key' ? rotateEncryption : rotateServiceAccount(tokenHours),
  ] as const;
  await reporting('Rotation', run, () => runPhases(run, phases, { signal: cancellation({ hint: halfway }) }));
}
