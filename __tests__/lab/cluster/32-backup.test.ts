import type { ChildProcess } from 'node:child_process';
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionResult } from '../../../lab/runner/run-action.ts';
import { openBackup } from '../../../src/backup/index.ts';
import { newEncryptionConfig } from '../../../src/pki/encryption.ts';
import { type AgeKey, newIdentity } from '../../../src/pki/index.ts';
import { type S3Server, startS3, storedIn } from '../../lab-tools/s3/server.ts';
import { put } from '../aged-certificates.ts';
import { changedCluster } from '../cluster-file.ts';
import { etcdctl } from '../etcdctl.ts';
import { note, seconds } from '../note.ts';
import { masters, members, seedHosts } from '../seed-hosts.ts';
import { act, lab, logOf, onHost, standingCluster, succeeded } from '../seed-lab.ts';

beforeAll(async () => {
  await standingCluster();
}, 600_000);

describe('a backup to a folder', () => {
  const left = '/var/lib/k8s-ha-action/backup';
  const units = "systemctl list-units --all --plain --no-legend 'k8s-ha-action-backup*'";
  let folder: string;
  let cluster: string;
  let key: AgeKey;
  let result: ActionResult;
  let s3: S3Server;
  const bucket = 'backups';
  const hosts = seedHosts.map(({ name }) => name);

  beforeAll(async () => {
    s3 = await startS3(bucket, lab.netns);
    folder = mkdtempSync(join(tmpdir(), 'k8s-ha-backups-'));
    key = await newIdentity();
    cluster = changedCluster(lab, 'backup', (text) => {
      text.backup = { recipients: [key.recipient] };
    });
    // As a run leaves it whose shell on the host was killed.
    for (const { name } of members) await onHost(name, `mkdir -p ${left}/work && echo secret >${left}/work/etcd.db`);
    await onHost('master-1', 'kubectl create secret generic canary --from-literal=word=canary-in-the-backup');
    const store = {
      's3-url': `${s3.origin}/${bucket}/clusters`,
      's3-access-key-id': s3.keys.accessKeyId,
      's3-secret-access-key': s3.keys.secretAccessKey,
    };
    const places = { folder: join(folder, 'nightly'), artifact: 'false', ...store };
    result = await act('backup', { cluster, ...places }, { temp: folder });
  }, 180_000);

  afterAll(async () => {
    s3?.stop();
    rmSync(folder, { recursive: true, force: true });
    await onHost('master-1', 'kubectl delete secret canary --ignore-not-found');
  });

  test('is one file, which its key opens: the cluster’s own CAs, and etcd at the revision of its manifest', async () => {
    succeeded(result);
    const file = result.outputs.file ?? '';
    note(`a backup: ${seconds(result.milliseconds)}, ${result.outputs.bytes} bytes`);
    const { manifest, authorities, clusterFile, snapshot } = await openBackup(createReadStream(file), key.identity, {
      name: file,
      cluster: 'seed',
    });
    let bytes = 0;
    for await (const piece of snapshot) bytes += piece.length;
    expect(bytes).toBe(manifest.parts.at(-1)?.bytes);
    expect(clusterFile).toContain(key.recipient);
    expect(authorities.kubernetes.key).toBe(await onHost('master-2', 'cat /etc/kubernetes/pki/ca.key'));
    expect(authorities.encryptionConfig).toBe(await onHost('master-2', 'cat /etc/kubernetes/encryption-config.yaml'));
    expect(String(manifest.snapshot.revision)).toBe(result.outputs.revision);
    expect(manifest.versions).toEqual({
      kubernetes: expect.stringMatching(/^1\./),
      etcd: expect.stringMatching(/^3\./),
    });
    expect(manifest.objects['/registry/minions/']).toBe(1);
    expect(manifest.objects['/registry/namespaces/']).toBeGreaterThan(3);
    const now = await onHost(
      'etcd-1',
      `${etcdctl} endpoint hashkv --rev=${manifest.snapshot.revision} --write-out=json`,
    );
    const { hash, compact_revision: compacted } = JSON.parse(now)[0].HashKV;
    // Unless an API server has compacted since.
    if (compacted === manifest.snapshot.compactRevision) expect(hash).toBe(manifest.snapshot.hash);
  }, 60_000);

  test('was opened by an API server on a master, which decrypts Secrets by its key', () => {
    expect(result.outputs.verified).toBe('true');
    const [line = '', kinds] = /.* reads the same objects of (\d+) kinds; .*/.exec(logOf(result)) ?? [];
    note(line);
    expect(Number(kinds)).toBeGreaterThan(20);
    expect(line).toContain('Secrets are decrypted by its key (k8s:enc:secretbox:v1:key1:)');
    expect(logOf(result)).not.toContain('canary-in-the-backup');
  });

  test('is in the bucket as well, byte for byte', async () => {
    const file = result.outputs.file ?? '';
    expect(result.outputs['s3-key']).toBe(`clusters/${basename(file)}`);
    const place = { origin: s3.origin, bucket, prefix: '', region: 'us-east-1', ...s3.keys };
    expect(await storedIn(place, result.outputs['s3-key'] ?? '', lab.netns)).toEqual(readFileSync(file));
    expect(logOf(result)).not.toContain(s3.keys.secretAccessKey);
  }, 60_000);

  test('is recorded on the masters, with its revision and name', async () => {
    const record = await onHost('master-2', 'cat /var/lib/k8s-ha-action/newest-backup');
    const [, revision, name] = record.trim().split(' ');
    expect([revision, name]).toEqual([result.outputs.revision, basename(result.outputs.file ?? '')]);
  }, 60_000);

  test('leaves nothing on its host, also not what an earlier run had left, and no secret in the log or on the runner', async () => {
    const host = members.find(({ name }) => logOf(result).includes(`${name}: snapshot of revision`))?.name ?? '';
    expect(await onHost(host, `ls -A ${left}`)).toBe('lock\n');
    for (const { name } of masters)
      expect(await onHost(name, `ls -A ${left}-api 2>/dev/null || true`)).toMatch(/^(lock\n)?$/);
    for (const name of hosts) expect(await onHost(name, units)).toBe('');
    expect(readdirSync(folder, { recursive: true }).toSorted()).toEqual([
      'nightly',
      expect.stringMatching(/^nightly\/k8s-ha-backup-seed_\d{8}T\d{6}Z\.age$/),
    ]);
    const lines = (await onHost('master-2', 'cat /etc/kubernetes/pki/*.key /etc/kubernetes/pki/etcd/ca.key')).split(
      '\n',
    );
    for (const line of lines.filter((each) => each && !each.startsWith('-----')))
      expect(logOf(result)).not.toContain(line);
  }, 60_000);

  test('whose runner is killed while the snapshot is on the host leaves nothing there', async () => {
    // Of the hosts that the first run did not choose.
    for (const { name } of members) await onHost(name, `rm -rf ${left}/work`);
    let runner: ChildProcess | undefined;
    const killed = act(
      'backup',
      { cluster, folder, artifact: 'false' },
      {
        temp: folder,
        onStart: (child) => {
          runner = child;
        },
      },
    );
    const names = members.map(({ name }) => name);
    const having = async (path: string) =>
      (await Promise.all(names.map((name) => onHost(name, `ls -A ${path} 2>/dev/null || true`)))).join('');
    while ((await having(`${left}/work/etcd.db`)) === '') await delay(50);
    runner?.kill('SIGKILL');
    await killed;
    while ((await having(`${left}/work`)) !== '') await delay(200);
    for (const name of names) expect(await onHost(name, units)).toBe('');
  }, 60_000);

  test('whose key is not the one that encrypts Secrets is refused, and not kept', async () => {
    const file = '/etc/kubernetes/encryption-config.yaml';
    const kept = await onHost('master-1', `cat ${file}`);
    const before = readdirSync(folder, { recursive: true });
    // API servers read it when they start.
    const other = newEncryptionConfig();
    for (const { name } of masters) await put(name, file, other);
    try {
      const refused = await act('backup', { cluster, folder, artifact: 'false' }, { temp: folder });
      expect(refused.status).not.toBe(0);
      expect(logOf(refused)).toContain('an API server cannot use the backup: it does not read /registry/secrets/');
    } finally {
      for (const { name } of masters) await put(name, file, kept);
    }
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  }, 120_000);
});
