import { checkRecipients } from '../../backup/index.ts';
import type { BackupInputs } from '../../github/backup-inputs.ts';
import { withBackupStore } from '../../github/backup-store.ts';
import { cancellation } from '../../github/cancellation.ts';
import type { CommonInputs } from '../../github/inputs.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import { confirmAuthorities, reachForBackup, readAuthorities } from '../../phases/backup-sources.ts';
import { recordBackup } from '../../phases/record-backup.ts';
import { newRun } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';
import { takeSnapshot } from '../../phases/take-snapshot.ts';
import { writeBackup } from '../../phases/write-backup.ts';

/** Makes one encrypted file of what a cluster needs to be built again; it changes nothing in the cluster but the record of it on the masters. */
export async function backup({ cluster, access, name, ...inputs }: CommonInputs & BackupInputs): Promise<void> {
  const { recipients } = inputs.backup;
  await checkRecipients(recipients);
  const run = newRun({ cluster, access, dryRun: false, name, log: githubLog, mask });
  await withBackupStore({ ...inputs, cluster: cluster.name }, async (store) => {
    const steps = [
      reachForBackup,
      readAuthorities,
      takeSnapshot,
      confirmAuthorities,
      writeBackup(store, recipients, inputs.texts),
      recordBackup,
    ] as const;
    await runPhases(run, steps, { signal: cancellation() });
  });
}
