import { writeFileSync } from 'node:fs';
import { sealBackup } from '../../src/backup/index.ts';
import {
  type Authorities,
  authorityFiles,
  authorityFingerprints,
  findAuthorities,
  makeAuthorities,
} from '../../src/pki/index.ts';
import { inPieces, sha256Of, whole } from '../backup/backups.ts';
import { etcdctl } from './etcdctl.ts';
import { onHost } from './seed-lab.ts';

/**
 * Writes a backup of the cluster in the lab to a file, from the files of a master and a snapshot of a member.
 * @returns the revision of its snapshot
 */
export async function makeBackup(
  path: string,
  { recipient, master, member, name }: Readonly<Record<'recipient' | 'master' | 'member' | 'name', string>>,
): Promise<number> {
  const authorities = await authoritiesOn(master);
  const save = `${etcdctl} snapshot save /root/backup.db >/dev/null && etcdutl snapshot status /root/backup.db -w json`;
  const { revision, totalKey } = JSON.parse(await onHost(member, save)) as { revision: number; totalKey: number };
  const data = Buffer.from(await onHost(member, 'base64 /root/backup.db && rm /root/backup.db'), 'base64');
  const snapshot = { host: member, revision, hash: 0, compactRevision: 0, keys: totalKey };
  const { data: file } = await sealBackup(
    {
      manifest: {
        cluster: { name, etcd: '1', authorities: authorityFingerprints(authorities) },
        created: new Date().toISOString(),
        run: 'test',
        versions: { kubernetes: '1.37.2', etcd: '3.7.3' },
        snapshot,
        objects: {},
      },
      clusterFile: 'name: x\n',
      lockFile: undefined,
      authorities,
      snapshot: { bytes: data.length, sha256: sha256Of(data), data: inPieces(data, 1 << 20) },
    },
    [recipient],
  );
  writeFileSync(path, await whole(file));
  return revision;
}

/** The CAs on a master, from the files that each master has. */
async function authoritiesOn(master: string): Promise<Authorities> {
  const paths = authorityFiles(await makeAuthorities(new Date())).map(({ path }) => path);
  const files = await Promise.all(paths.map(async (path) => [path, await onHost(master, `cat ${path}`)] as const));
  const found = findAuthorities([{ host: master, files: new Map(files) }], []);
  if (found.kind !== 'found') throw new Error(`${master} has no CAs`);
  return found.authorities;
}
