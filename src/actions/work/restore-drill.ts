import { reporting } from '../../github/action.ts';
import { cancellation } from '../../github/cancellation.ts';
import type { DrillInputs } from '../../github/drill-inputs.ts';
import { reportDrill } from '../../github/drill-report.ts';
import { setOutput } from '../../github/runner.ts';
import { hostChecks } from '../../phases/check-hosts.ts';
import { checkLockfile } from '../../phases/check-lockfile.ts';
import { checkRestore } from '../../phases/check-restore.ts';
import { connectHosts } from '../../phases/connect-hosts.ts';
import { compareRestored, type DrillResult, requireSpareHosts } from '../../phases/drill-restore.ts';
import { gatherFacts } from '../../phases/gather-facts.ts';
import { correctObjects } from '../../phases/restore-objects.ts';
import type { Run } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';
import { type BackupFile, verifyBackup } from '../../phases/verify-backup.ts';
import { deployMasters, replaceData } from './after-restore.ts';

const halfDone = 'The hosts of the drill are half restored: reset them.';

/**
 * Restores etcd and the masters on spare hosts, and compares them with the backup. Nodes are left out: pods of the backup would run there, and act
 * on the world as the real ones do.
 */
export async function restoreDrill(
  run: Run,
  clusterFile: string,
  { backup, history, limitMs }: DrillInputs & { readonly backup: BackupFile },
): Promise<void> {
  const began = performance.now();
  let compared: DrillResult | undefined;
  const checks = [
    verifyBackup(backup),
    connectHosts('first'),
    gatherFacts,
    ...hostChecks,
    requireSpareHosts(() => setOutput('drill-began', 'true')),
    checkRestore(false),
    checkLockfile(clusterFile, 'warns'),
  ] as const;
  const compare = compareRestored((result) => {
    compared = result;
  });
  const work = [...replaceData, gatherFacts, ...deployMasters, compare, correctObjects] as const;
  const ending = { signal: cancellation({ hint: halfDone }) };
  await reporting('Restore drill', run, async () => {
    if (run.dryRun) return await runPhases(run, checks, ending);
    await runPhases(run, [...checks, ...work], ending);
    if (!compared) throw new Error('a drill compares what it has restored');
    const milliseconds = performance.now() - began;
    await reportDrill({ cluster: run.cluster.name, result: compared, began: run.now, milliseconds, limitMs }, history);
  });
}
