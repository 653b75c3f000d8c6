import { beforeAll, describe, expect, test } from '@jest/globals';
import { openBackup } from '../../src/backup/index.ts';
import { readSnapshotReport } from '../../src/etcd/snapshot-report.ts';
import type { HostSession } from '../../src/host/engine.ts';
import { confirmAuthorities, readAuthorities } from '../../src/phases/backup-sources.ts';
import { recordBackup } from '../../src/phases/record-backup.ts';
import { type BackupStore, type WrittenBackup, writeBackup } from '../../src/phases/write-backup.ts';
import { newEncryptionConfig } from '../../src/pki/encryption.ts';
import { type AgeKey, type Authorities, authorityFiles, makeAuthorities, newIdentity } from '../../src/pki/index.ts';
import { inPieces, sha256Of, whole } from '../backup/backups.ts';
import { reportLines } from '../etcd/snapshots.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { contents, now } from '../pki/hosts.ts';
import { closable, errorOf, hostOf, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const seed = seedCluster();
let key: AgeKey;
let authorities: Authorities;

beforeAll(async () => {
  [key, authorities] = await Promise.all([newIdentity(), makeAuthorities(now)]);
});

describe('The CAs', () => {
  /** Masters that have these files; a master that is not named is not reached. */
  function mastersWith(files: Readonly<Record<string, ReadonlyMap<string, string>>>) {
    const masked: string[] = [];
    const { run, log } = sceneOf(seed, { mask: (values) => masked.push(...values) });
    for (const [name, own] of Object.entries(files)) {
      const host = hostOf(seed, name);
      const inspect: HostSession['inspect'] = async () => inspectionOf(host, {}, { files: own });
      run.sessions.set(name, { ...closable(host, async () => undefined), inspect });
    }
    return { run, log, masked };
  }

  test('are read from the masters that are reached, and each secret is masked', async () => {
    const all = contents(authorityFiles(authorities));
    const { run, masked } = mastersWith({ 'master-2': all, 'master-3': new Map() });
    expect(await readAuthorities.run(run, notCancelled)).toEqual({ authorities });
    const lines = [authorities.kubernetes.key, authorities.serviceAccount.key].flatMap((text) => text.split('\n'));
    for (const line of lines.filter((each) => each && !each.startsWith('-----'))) expect(masked).toContain(line);
  });

  test('that differ, or that no master has, are no backup', async () => {
    const other = contents(authorityFiles(await makeAuthorities(now)));
    const differing = mastersWith({ 'master-1': contents(authorityFiles(authorities)), 'master-2': other });
    expect(await errorOf(() => readAuthorities.run(differing.run, notCancelled))).toMatchObject({
      code: 'AUTHORITIES_DIFFER',
    });
    const none = mastersWith({ 'master-1': new Map() });
    expect(await errorOf(() => readAuthorities.run(none.run, notCancelled))).toMatchObject({
      code: 'AUTHORITIES_UNKNOWN',
    });
  });
});

test('keys that a rotation replaced while the snapshot was taken are no backup', async () => {
  const host = hostOf(seed, 'master-1');
  const { run } = sceneOf(seed);
  let own = authorities;
  const inspect: HostSession['inspect'] = async () => inspectionOf(host, {}, { files: contents(authorityFiles(own)) });
  run.sessions.set(host.name, { ...closable(host, async () => undefined), inspect });
  const stage = { ...run, ...(await readAuthorities.run(run, notCancelled)) };
  await expect(confirmAuthorities.run(stage, notCancelled)).resolves.toBeUndefined();
  own = { ...authorities, encryptionConfig: newEncryptionConfig() };
  expect(await errorOf(() => confirmAuthorities.run(stage, notCancelled))).toMatchObject({
    code: 'AUTHORITIES_DIFFER',
    fields: { hint: expect.stringContaining('rotat') },
  });
});

describe('The file', () => {
  const bytes = Buffer.from('a snapshot'.repeat(9000));
  const texts = { clusterFile: 'name: seed\n', lockFile: 'binaries: {}\n' };

  function stage() {
    const report = readSnapshotReport(reportLines());
    if (!report) throw new Error('no report');
    const { run, log } = sceneOf(seed);
    const snapshot = {
      host: 'etcd-2',
      etcdVersion: '3.7.3',
      report: { ...report, bytes: bytes.length, sha256: sha256Of(bytes) },
      data: () => inPieces(bytes),
    };
    return { stage: { ...run, authorities, snapshot }, log };
  }

  /** Keeps a file in memory; `change` damages it on its way to the disk. */
  function memory(change = (written: Buffer) => written) {
    const kept = new Map<string, Buffer>();
    const published: WrittenBackup[] = [];
    const store: BackupStore = {
      write: async (name, data, check) => {
        const written = change(await whole(data));
        await check(() => inPieces(written));
        kept.set(name, written);
        return written.length;
      },
      publish: async (_, written) => void published.push(written),
    };
    return { store, kept, published };
  }

  test('is named by its cluster and time, and opens with the key', async () => {
    const { stage: run } = stage();
    const { store, kept, published } = memory();
    const opened: Buffer[] = [];
    const open = async (_: unknown, { snapshot }: { snapshot: AsyncIterable<Uint8Array> }) => {
      opened.push(await whole(snapshot));
      return true;
    };
    await writeBackup(store, [key.recipient], texts, open).run(run, notCancelled);
    expect(opened).toEqual([bytes]);
    const [[name = '', file = Buffer.alloc(0)] = []] = [...kept];
    expect(name).toMatch(/^k8s-ha-backup-seed_\d{8}T\d{6}Z\.age$/);
    const backup = await openBackup(inPieces(file), key.identity, { name, cluster: 'seed' });
    expect(backup).toMatchObject({ ...texts, authorities });
    expect(backup.manifest).toMatchObject({
      ...{ run: 'a run', versions: { etcd: '3.7.3' }, objects: { '/registry/pods/': 2 } },
      snapshot: { host: 'etcd-2', revision: 12, hash: 2460, compactRevision: 5, keys: 11 },
    });
    expect((await whole(backup.snapshot)).equals(bytes)).toBe(true);
    expect(published).toEqual([{ manifest: backup.manifest, bytes: file.length, verified: true }]);
  });

  test('that is damaged on its way to the disk is not published', async () => {
    const { stage: run } = stage();
    const { store, kept, published } = memory((written) => {
      written[written.length - 5000] = (written[written.length - 5000] ?? 0) ^ 1;
      return written;
    });
    const error = await errorOf(() => writeBackup(store, [key.recipient], texts).run(run, notCancelled));
    expect(error).toMatchObject({ code: 'BACKUP_DAMAGED' });
    expect([kept.size, published.length]).toEqual([0, 0]);
  });
});

test('is recorded on each master that is reached, and one that fails is only warned of', async () => {
  const report = readSnapshotReport(reportLines());
  if (!report) throw new Error('no report');
  const { run, log } = sceneOf(seed);
  const asked: string[] = [];
  for (const [name, status] of Object.entries({ 'master-1': 0, 'master-3': 1 })) {
    const runs: HostSession['run'] = async (command) => {
      asked.push(command);
      return { status, stdout: '', stderr: 'No space left on device\n' };
    };
    run.sessions.set(name, { ...closable(hostOf(seed, name), async () => undefined), run: runs });
  }
  const snapshot = { host: 'etcd-2', etcdVersion: '3.7.3', report, data: () => inPieces(Buffer.alloc(0)) };
  await recordBackup.run({ ...run, snapshot }, notCancelled);
  expect(asked).toHaveLength(2);
  expect(asked[0]).toContain(` 12 k8s-ha-backup-seed_`);
  expect(log.lines.filter((line) => line.startsWith('warning'))).toEqual([
    'warning: not recorded, check may warn: master-3: No space left on device',
  ]);
});
