// A small backup for the tests of its format.
import { createHash } from 'node:crypto';
import { type BackupContents, sealBackup } from '../../src/backup/index.ts';
import { type Authorities, authorityFingerprints } from '../../src/pki/index.ts';

export const clusterFile = 'name: seed\nhosts: []\n';

/** What a backup of the seed cluster has, with a snapshot of these bytes. */
export function contentsOf(
  authorities: Authorities,
  snapshot: Uint8Array = Buffer.from('a snapshot'.repeat(20_000)),
  cluster = 'seed',
): BackupContents {
  return {
    manifest: {
      cluster: { name: cluster, etcd: 'cdf818194e3a8c32', authorities: authorityFingerprints(authorities) },
      created: '2026-11-27T02:00:00.000Z',
      run: '4711',
      versions: { kubernetes: '1.36.1', etcd: '3.7.3' },
      snapshot: { host: 'etcd-2', revision: 1234, hash: 4_294_967_295, compactRevision: -1, keys: 900 },
      objects: { '/registry/pods/': 12, '/registry/secrets/': 7 },
    },
    clusterFile,
    lockFile: undefined,
    authorities,
    snapshot: { bytes: snapshot.length, sha256: sha256Of(snapshot), data: inPieces(snapshot) },
  };
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** As a file or a connection gives them. */
export async function* inPieces(bytes: Uint8Array, size = 10_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function whole(data: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of data) pieces.push(piece);
  return Buffer.concat(pieces);
}

export async function sealed(contents: BackupContents, recipients: readonly string[]): Promise<Buffer> {
  return await whole((await sealBackup(contents, recipients)).data);
}
