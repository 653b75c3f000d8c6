import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { type Cluster, hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { BackupFile } from '../phases/verify-backup.ts';
import { type DrillInputs, drillInputs } from './drill-inputs.ts';
import { booleanInput, type CommonInputs, confirmCluster, invalidInput } from './inputs.ts';
import { getInput } from './runner.ts';
import { requiredSecret } from './secret-inputs.ts';

/** The inputs of the action restore: what the cluster comes back from. */
export type RestoreInputs = CommonInputs & { readonly from: RestoreSource };

export type RestoreSource =
  /** The name of the host whose member of etcd has the data. */
  | { readonly survivor: string }
  | {
      readonly backup: BackupFile;
      /** The user gives up the data of etcd on the hosts. */
      readonly discardNewer: boolean;
      /** It is tried on spare hosts. */
      readonly drill?: DrillInputs;
    };

/** @throws Problem RESTORE_UNCONFIRMED, INPUT_MISSING, INPUT_INVALID, BACKUP_MISSING */
export function restoreInputs(common: CommonInputs): RestoreInputs {
  confirmCluster(common.cluster, 'RESTORE_UNCONFIRMED', 'A restore decides which data the cluster continues with');
  const [survivor, backup] = [getInput('survivor'), getInput('backup')];
  const discardNewer = booleanInput('discard-newer');
  if (survivor && backup)
    throw invalidInput('backup', backup, 'Write survivor or backup: the cluster continues with one of the two.');
  if (backup) {
    refuseApartLog(common.cluster, backup);
    const drill = drillInputs(common.cluster);
    return { ...common, from: { backup: backupAt(backup), discardNewer, ...(drill && { drill }) } };
  }
  return { ...common, from: { survivor: survivorIn(common.cluster, survivor) } };
}

/** The data is exchanged in etcd's data directory: the old log elsewhere would be read with the new data. */
function refuseApartLog({ etcd }: Cluster, backup: string): void {
  if (!etcd.extraArgs.some(({ name }) => name === 'wal-dir')) return;
  const fix =
    'A restore does not support wal-dir in etcd.extraArgs: reset the hosts, take wal-dir out of the file, and restore then.';
  throw invalidInput('backup', backup, fix);
}

function survivorIn(cluster: Cluster, survivor: string): string {
  const members = hostsWith(cluster, 'etcd').map(({ name }) => name);
  const fix = `Write the name of the host of etcd that still has its data: ${members.join(', ')}.`;
  const hint = `${fix} If none has, write backup and the path of a backup.`;
  if (!survivor) throw new Problem('the inputs survivor and backup are missing', { code: 'INPUT_MISSING', hint });
  if (!members.includes(survivor)) throw invalidInput('survivor', survivor, fix);
  return survivor;
}

function backupAt(path: string): BackupFile {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    const hint = 'Set the input backup to its path, relative to the workspace. An artifact must be downloaded before.';
    throw new Problem('there is no file with a backup', { code: 'BACKUP_MISSING', file: path, hint });
  }
  return { name: basename(path), key: requiredSecret('age-key'), read: () => createReadStream(path) };
}
