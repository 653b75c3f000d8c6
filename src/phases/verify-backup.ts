import { type Manifest, openBackup } from '../backup/index.ts';
import { type Authorities, authorityFiles, secretValues } from '../pki/index.ts';
import type { StagePhase } from './phase.ts';
import type { Run } from './run.ts';

/** A file with a backup, and the key that opens it. */
export interface BackupFile {
  /** For messages. */
  readonly name: string;
  /** Reads it from its beginning. */
  readonly read: () => AsyncIterable<Uint8Array>;
  /** The secret key of one of its recipients. */
  readonly key: string;
}

/** A backup whose every byte was verified. */
export interface VerifiedBackup {
  readonly manifest: Manifest;
  readonly authorities: Authorities;
  /** The snapshot of etcd: its length and SHA-256. */
  readonly snapshot: { readonly bytes: number; readonly sha256: string };
  /** Reads the snapshot, from its beginning. */
  readonly readSnapshot: () => AsyncIterable<Uint8Array>;
}

export interface WithBackup extends Run {
  readonly backup: VerifiedBackup;
}

/** Reads the whole backup and compares all hashes, before any host is contacted. */
export function verifyBackup(file: BackupFile): StagePhase<Run, Pick<WithBackup, 'backup'>> {
  const open = async (name: string) => await openBackup(file.read(), file.key, { name: file.name, cluster: name });
  return {
    title: 'Verify the backup',
    async run({ cluster: { name }, mask, log }, signal) {
      const { manifest, authorities, snapshot } = await open(name);
      const files = authorityFiles(authorities);
      mask(secretValues({ cluster: name, host: 'the backup', authorities: {}, files }));
      // Only its end proves that the whole file is undamaged.
      for await (const _ of snapshot) signal.throwIfAborted();
      const part = manifest.parts.find((each) => each.name === 'etcd.db');
      if (!part) throw new Error('a verified backup has a snapshot');
      log.info(`${file.name}: ${inWords(manifest)}; every byte was verified`);
      const readSnapshot = async function* () {
        yield* (await open(name)).snapshot;
      };
      return { backup: { manifest, authorities, snapshot: part, readSnapshot } };
    },
  };
}

function inWords({ cluster, created, versions, snapshot }: Manifest): string {
  const kubernetes = versions.kubernetes === undefined ? '' : `Kubernetes ${versions.kubernetes}, `;
  return `the cluster ${cluster.name} at ${created} (${kubernetes}etcd ${versions.etcd}), ${snapshot.keys} keys, revision ${snapshot.revision}`;
}
