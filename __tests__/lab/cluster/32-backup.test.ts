import type { ChildProcess } from 'node:child_process';
import { createReadStream, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionResult } from '../../../lab/runner/run-action.ts';
import { openBackup } from '../../../src/backup/index.ts';
import { type AgeKey, newIdentity } from '../../../src/pki/index.ts';
import { changedCluster } from '../cluster-file.ts';
import { etcdctl } from '../etcdctl.ts';
import { note, seconds } from '../note.ts';
import { members } from '../seed-hosts.ts';
import { act, lab, logOf, onHost, standingCluster, succeeded } from '../seed-lab.ts';

beforeAll(async () => {
  await standingCluster();
}, 600_000);

describe('a backup to a folder', () => {
  const left = '/var/lib/k8s-ha-action/backup';
  let folder: string;
  let cluster: string;
  let key: AgeKey;
  let result: ActionResult;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'k8s-ha-backups-'));
    key = await newIdentity();
    cluster = changedCluster(lab, 'backup', (text) => {
      text.backup = { recipients: [key.recipient] };
    });
    // As a run leaves it whose shell on the host was killed.
    for (const { name } of members) await onHost(name, `mkdir -p ${left}/work && echo secret >${left}/work/etcd.db`);
    result = await act('backup', { cluster, folder: join(folder, 'nightly'), artifact: 'false' }, { temp: folder });
  }, 180_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

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

  test('is recorded on the masters, with its revision and name', async () => {
    const record = await onHost('master-2', 'cat /var/lib/k8s-ha-action/newest-backup');
    const [, revision, name] = record.trim().split(' ');
    expect([revision, name]).toEqual([result.outputs.revision, basename(result.outputs.file ?? '')]);
  }, 60_000);

  test('leaves nothing on its host, also not what an earlier run had left, and no secret in the log or on the runner', async () => {
    const host = members.find(({ name }) => logOf(result).includes(`${name}: snapshot of revision`))?.name ?? '';
    expect(await onHost(host, `ls -A ${left}`)).toBe('lock\n');
    expect(await onHost(host, "systemctl list-units --all --plain --no-legend 'k8s-ha-action-backup*'")).toBe('');
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
    const hosts = members.map(({ name }) => name);
    const having = async (path: string) =>
      (await Promise.all(hosts.map((name) => onHost(name, `ls -A ${path} 2>/dev/null || true`)))).join('');
    while ((await having(`${left}/work/etcd.db`)) === '') await delay(50);
    runner?.kill('SIGKILL');
    await killed;
    while ((await having(`${left}/work`)) !== '') await delay(200);
    const units = "systemctl list-units --all --plain --no-legend 'k8s-ha-action-backup*'";
    for (const name of hosts) expect(await onHost(name, units)).toBe('');
  }, 60_000);
});
