import { reporting } from '../../github/action.ts';
import { cancellation } from '../../github/cancellation.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import type { RestoreInputs } from '../../github/restore-inputs.ts';
import { soleAttemptName } from '../../github/run-name.ts';
import { hostChecks } from '../../phases/check-hosts.ts';
import { checkLockfile } from '../../phases/check-lockfile.ts';
import { checkRestore } from '../../phases/check-restore.ts';
import { connectHosts } from '../../phases/connect-hosts.ts';
import { gatherFacts } from '../../phases/gather-facts.ts';
import { observe } from '../../phases/observe.ts';
import { recoverQuorum } from '../../phases/recover-quorum.ts';
import { completeRestore, correctObjects } from '../../phases/restore-objects.ts';
import { newRun } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';
import { verifyBackup } from '../../phases/verify-backup.ts';
import { deployMasters, deployNodes, prepareMasters, replaceData } from './after-restore.ts';
import { restoreDrill } from './restore-drill.ts';

const halfDone = 'The cluster may be half restored: run restore again with the same inputs, it continues.';

/** Brings the cluster back from what is left of it, or from a backup, and continues as a deployment. */
export async function restore({ clusterFile, from, ...inputs }: RestoreInputs): Promise<void> {
  const run = newRun({ ...inputs, attempt: soleAttemptName(), log: githubLog, mask });
  if ('drill' in from && from.drill)
    return await restoreDrill(run, clusterFile, { ...from.drill, backup: from.backup });
  const ending = { signal: cancellation({ hint: halfDone }) };
  const hosts = [connectHosts('first'), gatherFacts, ...hostChecks] as const;
  const lockfile = checkLockfile(clusterFile, 'warns');
  const nodes = deployNodes(clusterFile);
  // In a dry run, the plan of the rest depends on what is not done. In a real one, what the first exchange has seen of etcd is past.
  const work = async () => {
    if ('survivor' in from) {
      const before = [...hosts, observe, lockfile, recoverQuorum(from.survivor)] as const;
      if (run.dryRun) return await runPhases(run, before, ending);
      return await runPhases(run, [...before, gatherFacts, ...prepareMasters, ...deployMasters, ...nodes], ending);
    }
    const before = [verifyBackup(from.backup), ...hosts, checkRestore(from.discardNewer), lockfile] as const;
    if (run.dryRun) return await runPhases(run, before, ending);
    const masters = [...replaceData, gatherFacts, ...deployMasters, correctObjects] as const;
    await runPhases(run, [...before, ...masters, ...nodes, completeRestore], ending);
  };
  await reporting('Restore', run, work);
}
