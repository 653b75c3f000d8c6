import { type Manifest, openWith, sealBackup } from '../backup/index.ts';
import { hostsWith } from '../cluster/cluster.ts';
import { authorityFingerprints } from '../pki/index.ts';
import type { WithAuthorities } from './backup-sources.ts';
import { openOnMaster, type Reopened } from './open-backup.ts';
import type { Phase } from './phase.ts';
import { servedVersions } from './served-versions.ts';
import type { Connected } from './stages.ts';
import type { WithSnapshot } from './take-snapshot.ts';

type Bytes = AsyncIterable<Uint8Array>;

/** A file that was written and read again. */
export interface WrittenBackup {
  readonly manifest: Manifest;
  /** Its length. */
  readonly bytes: number;
  /** An API server was started with it, and read all of it. */
  readonly verified: boolean;
}

/** Where backups are kept. */
export interface BackupStore {
  /**
   * Writes a file, lets it be read again, as often as the check wants, and only then gives it its name.
   * @returns its length in bytes
   */
  write(name: string, data: Bytes, check: (read: () => Bytes) => Promise<void>): Promise<number>;
  /** Publishes the file that was written. */
  publish(name: string, written: WrittenBackup): Promise<void>;
}

/** The files of the repository that a backup has. */
export interface ClusterTexts {
  readonly clusterFile: string;
  readonly lockFile: string | undefined;
}

/** `k8s-ha-backup-NAME_20261127T020000Z.age`: a cluster's files in the order of their time. Names of clusters have no underscore. */
export function backupName(cluster: string, created: Date): string {
  const time = created.toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
  return `k8s-ha-backup-${cluster}_${time}.age`;
}

/**
 * Encrypts the snapshot while the host sends it, with the CAs and the files: its plaintext is never on the runner's disk. Then the written file is
 * decrypted again, with a key that this process alone has, all of it is compared, and an API server is started with it.
 * @param open starts the API server; returns whether that was possible
 */
export function writeBackup(
  store: BackupStore,
  recipients: readonly string[],
  texts: ClusterTexts,
  open: (run: Connected, backup: Reopened) => Promise<boolean> = openOnMaster,
): Phase<Connected & WithAuthorities & WithSnapshot> {
  return {
    title: 'Write the backup',
    async run(run) {
      const { report, data } = run.snapshot;
      const { authorities } = run;
      const snapshot = { bytes: report.bytes, sha256: report.sha256, data: data() };
      const contents = { ...texts, authorities, snapshot, manifest: await manifestOf(run) };
      const sealed = await sealBackup(contents, recipients);
      const name = backupName(run.cluster.name, run.now);
      let verified = false;
      const bytes = await store.write(name, sealed.data, async (read) => {
        const again = async () => await openWith(read(), sealed.witness, { name, cluster: run.cluster.name });
        for await (const _ of (await again()).snapshot) {
          // Its end is what proves that the file is whole.
        }
        verified = await open(run, await again());
      });
      run.log.info(`${name}: ${bytes} bytes, for ${recipients.length} recipients; read again, and complete`);
      await store.publish(name, { manifest: sealed.manifest, bytes, verified });
    },
  };
}

async function manifestOf(
  run: Connected & WithAuthorities & WithSnapshot,
): Promise<Omit<Manifest, 'format' | 'parts'>> {
  const { cluster, now, name, authorities, snapshot } = run;
  const { report, host, etcdVersion } = snapshot;
  const served = await servedVersions(run, hostsWith(cluster, 'master'));
  const kubernetes = [...served.values()].find((version) => version !== undefined);
  return {
    cluster: { name: cluster.name, etcd: report.cluster, authorities: authorityFingerprints(authorities) },
    created: now.toISOString(),
    run: name,
    versions: { ...(kubernetes !== undefined && { kubernetes }), etcd: etcdVersion },
    snapshot: {
      host,
      revision: report.revision,
      hash: report.scratch.hash,
      compactRevision: report.scratch.compactRevision,
      keys: report.keys,
    },
    objects: report.scratchObjects,
  };
}
