import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { escaped, table } from '../markdown.ts';
import type { BackupStore, WrittenBackup } from '../phases/write-backup.ts';
import { uploadArtifactFile } from './artifact-client.ts';
import { removeOldBackups, writeBackupFile } from './backup-folder.ts';
import type { BackupInputs } from './backup-inputs.ts';
import { duration } from './log.ts';
import { info, setOutput } from './runner.ts';
import { keepInS3 } from './s3-store.ts';
import { writeSummary } from './summary.ts';

type Places = Pick<BackupInputs, 'folder' | 'artifact' | 's3' | 'backup'> & { readonly cluster: string };

/**
 * Keeps backups in a folder, as artifacts of the run, or in an S3 bucket.
 * @param work gets the store; what is only written to be sent is removed after it.
 */
export async function withBackupStore(places: Places, work: (store: BackupStore) => Promise<void>): Promise<void> {
  const scratch = places.folder ?? (await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'k8s-ha-backup-')));
  try {
    await work(storeIn(scratch, places, performance.now()));
  } finally {
    if (places.folder === undefined) await rm(scratch, { recursive: true, force: true });
  }
}

function storeIn(folder: string, places: Places, began: number): BackupStore {
  const { cluster, artifact, backup } = places;
  return {
    write: async (name, data, check) => await writeBackupFile(folder, name, data, check),
    async publish(name, { manifest, bytes, verified }) {
      if (artifact) {
        await uploadArtifactFile(name, folder, backup.artifactDays);
        info(`artifact: ${name}, kept for ${backup.artifactDays} days`);
      }
      if (places.s3) {
        const file = { name, path: join(folder, name), bytes };
        const removed = await keepInS3(places.s3, file, { cluster, keep: backup.keep });
        info(`bucket ${places.s3.bucket}: ${places.s3.prefix}${name}`);
        if (removed.length > 0) info(`removed from the bucket: ${removed.join(', ')}`);
      }
      if (places.folder !== undefined) {
        const removed = await removeOldBackups(folder, cluster, backup.keep, name);
        if (removed.length > 0) info(`removed from the folder: ${removed.join(', ')}`);
      }
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      setOutput('file', places.folder === undefined ? '' : join(folder, name));
      setOutput('artifact', artifact ? name : '');
      setOutput('s3-key', places.s3 ? `${places.s3.prefix}${name}` : '');
      setOutput('revision', String(manifest.snapshot.revision));
      setOutput('bytes', String(bytes));
      setOutput('verified', String(verified));
      setOutput('seconds', seconds);
      const summary = backupSummary(name, { manifest, bytes, verified }, Number(seconds) * 1000);
      await writeSummary(summary);
    },
  };
}

/** The summary of a backup. Pure. */
export function backupSummary(
  name: string,
  { manifest: { cluster, snapshot, objects, versions }, bytes, verified }: WrittenBackup,
  milliseconds: number,
): string {
  const rows: readonly (readonly string[])[] = [
    ['file', name],
    ['bytes', String(bytes)],
    ['etcd', `revision ${snapshot.revision} of ${snapshot.host}, ${versions.etcd}`],
    ['Kubernetes', versions.kubernetes ?? 'no API server answered'],
  ];
  const kinds = Object.entries(objects).map(([prefix, count]) => [prefix, String(count)]);
  const parts = [
    `## Backup of ${escaped(cluster.name)} in ${duration(milliseconds)}`,
    table(['', ''], rows),
    'An etcd that was started with the snapshot has the same keys as the cluster. The written file was decrypted and compared.',
    verified
      ? 'An API server that was started with the file reads the same objects.'
      : '**No API server was started with it**: the log has the reason.',
    `<details><summary>Keys by kind</summary>\n\n${table(['prefix', 'keys:'], kinds)}\n\n</details>`,
  ];
  return `${parts.join('\n\n')}\n`;
}
