import { reporting } from '../../github/action.ts';
import { cancellation } from '../../github/cancellation.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import type { RestoreInputs } from '../../github/restore-inputs.ts';
import { soleAttemptName } from '../../github/run-name.ts';
import { hostChecks } from '../../phases/check-hosts.ts';
import { checkLockfile } from '../../phases/check-lockfile.ts';
import { connectHosts } from '../../phases/connect-hosts.ts';
import { gatherFacts } from '../../phases/gather-facts.ts';
import { observe } from '../../phases/observe.ts';
import { recoverQuorum } from '../../phases/recover-quorum.ts';
import { newRun } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';
import { deployMasters, deployNodes } from './after-restore.ts';

const halfDone = 'The cluster may be half restored: run restore again with the same inputs, it continues.';

/** Brings the cluster back from what is left of it, and continues as a deployment. */
export async function restore({ clusterFile, survivor, ...inputs }: RestoreInputs): Promise<void> {
  const run = newRun({ ...inputs, attempt: soleAttemptName(), log: githubLog, mask });
  const ending = { signal: cancellation({ hint: halfDone }) };
  const lockfile = checkLockfile(clusterFile, 'warns');
  const hosts = [connectHosts('first'), gatherFacts, ...hostChecks] as const;
  const before = [...hosts, observe, lockfile, recoverQuorum(survivor)] as const;
  // The plan of the rest depends on what the recovery would change.
  if (run.dryRun) return await reporting('Restore', run, () => runPhases(run, before, ending));
  // What the first exchange has seen of etcd is past.
  const phases = [...before, gatherFacts, ...deployMasters, ...deployNodes(clusterFile)] as const;
  await reporting('Restore', run, () => runPhases(run, phases, ending));
}
