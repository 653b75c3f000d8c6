import { beforeAll, expect, test } from '@jest/globals';
import { verifyBackup } from '../../src/phases/verify-backup.ts';
import { type AgeKey, type Authorities, makeAuthorities, newIdentity } from '../../src/pki/index.ts';
import { contentsOf, inPieces, sealed, sha256Of, whole } from '../backup/backups.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { now } from '../pki/hosts.ts';
import { errorOf, notCancelled, sceneOf } from './scene.ts';

// No host is connected in these runs: a session that is used would be an error.
let keys: readonly [AgeKey, AgeKey];
let authorities: Authorities;
let file: Buffer;

beforeAll(async () => {
  keys = [await newIdentity(), await newIdentity()];
  authorities = await makeAuthorities(now);
  file = await sealed(contentsOf(authorities), [keys[0].recipient]);
});

function verify(bytes: Uint8Array, key: string, cluster = seedCluster()) {
  const masked: string[] = [];
  const { run, log } = sceneOf(cluster, { mask: (values) => masked.push(...values) });
  const phase = verifyBackup({ name: 'seed.age', read: () => inPieces(bytes), key });
  return { log, masked, verified: () => phase.run(run, notCancelled) };
}

test('a whole backup gives its CAs, which are masked, and its snapshot as often as hosts need it', async () => {
  const { verified, masked, log } = verify(file, keys[0].identity);
  const { backup } = await verified();
  expect(backup.authorities).toEqual(authorities);
  expect(masked.join('\n')).toContain(authorities.kubernetes.key.split('\n')[1]);
  for (const data of [backup.readSnapshot(), backup.readSnapshot()])
    expect(sha256Of(await whole(data))).toBe(backup.snapshot.sha256);
  expect(log.lines.at(-1)).toBe(
    'seed.age: the cluster seed at 2026-11-27T02:00:00.000Z (Kubernetes 1.36.1, etcd 3.7.3), 900 keys, revision 1234; every byte was verified',
  );
});

test('one flipped bit anywhere, a missing end, another key and another cluster are refused', async () => {
  for (const at of [file.length - 1, file.length - 50_000, 2000]) {
    const flipped = Buffer.from(file);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    const error = await errorOf(verify(flipped, keys[0].identity).verified);
    expect(error).toMatchObject({ code: 'BACKUP_DAMAGED' });
  }
  expect(await errorOf(verify(file.subarray(0, -1000), keys[0].identity).verified)).toMatchObject({
    code: 'BACKUP_TRUNCATED',
  });
  expect(await errorOf(verify(file, keys[1].identity).verified)).toMatchObject({ code: 'BACKUP_OTHER_KEY' });
  const other = { ...seedCluster(), name: 'other' };
  expect(await errorOf(verify(file, keys[0].identity, other).verified)).toMatchObject({ code: 'BACKUP_OTHER_CLUSTER' });
});
