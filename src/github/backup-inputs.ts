import { resolve } from 'node:path';
import type { Cluster } from '../cluster/cluster.ts';
import { lockFileOf } from '../cluster/lock.ts';
import { Problem } from '../errors.ts';
import { booleanInput, type CommonInputs } from './inputs.ts';
import { getInput } from './runner.ts';
import { s3Input } from './s3-input.ts';
import type { S3Place } from './s3-store.ts';
import { readStart } from './small-file.ts';

/** The inputs of the action backup. */
export interface BackupInputs {
  /** Where the file stays; undefined: only as an artifact. */
  readonly folder: string | undefined;
  readonly artifact: boolean;
  readonly s3: S3Place | undefined;
  readonly backup: NonNullable<Cluster['backup']>;
  /** The text of cluster.yaml, and of the lock file if there is one. */
  readonly texts: { readonly clusterFile: string; readonly lockFile: string | undefined };
}

/** More than parseCluster and parseLock accept. */
const mostBytes = 1024 * 1024;

/** @throws Problem BACKUP_RECIPIENT, INPUT_MISSING, INPUT_INVALID */
export function backupInputs({ cluster, clusterFile }: CommonInputs): BackupInputs {
  const folder = getInput('folder');
  const artifact = booleanInput('artifact');
  const s3 = s3Input();
  if (!folder && !artifact && !s3)
    throw new Problem('the input folder is missing', {
      code: 'INPUT_MISSING',
      hint: 'Write where the backup is to stay: artifact: true, a folder, or s3-url.',
    });
  if (!cluster.backup)
    throw new Problem('the cluster file names no recipient for backups', {
      code: 'BACKUP_RECIPIENT',
      file: clusterFile,
      hint: 'Make a key with age-keygen away from the runner, keep its secret part there, and write the public part below backup.recipients.',
    });
  const lockFile = cluster.lock && readStart(lockFileOf(clusterFile), mostBytes);
  const texts = { clusterFile: readStart(clusterFile, mostBytes), lockFile };
  return { folder: folder ? resolve(folder) : undefined, artifact, s3, backup: cluster.backup, texts };
}
