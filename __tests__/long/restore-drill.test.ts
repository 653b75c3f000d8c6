import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newIdentity } from '../../src/pki/index.ts';
import { changedCluster } from '../lab/cluster-file.ts';
import { note, seconds } from '../lab/note.ts';
import { refusal } from '../lab/refusals.ts';
import { act, lab, onHost, standingCluster, succeeded } from '../lab/seed-lab.ts';

// The seed's cluster is backed up, and its node is lost: the empty machine is the spare host of two drills.
const place = mkdtempSync(join(tmpdir(), 'k8s-ha-drill-test-'));
let drill: Readonly<Record<string, string>>;
let real: string;

beforeAll(async () => {
  await standingCluster();
  const key = await newIdentity();
  real = changedCluster(lab, 'real', (text) => {
    text.backup = { recipients: [key.recipient] };
  });
  const { outputs } = succeeded(await act('backup', { cluster: real, folder: place, artifact: 'false' }));
  const cluster = changedCluster(lab, 'drill', (text) => {
    text.hosts = text.hosts.filter(({ name }) => name === 'node-1');
    for (const host of text.hosts) host.roles = ['etcd', 'master', 'node'];
  });
  const elsewhere = changedCluster(lab, 'elsewhere', (text) => {
    text.hosts = text.hosts.filter(({ name }) => name !== 'node-1');
    for (const host of text.hosts) host.roles = ['etcd', 'master', 'node'];
    text.hosts = text.hosts.slice(0, 1);
  });
  const history = join(place, 'drills.jsonl');
  const source = { backup: outputs.file ?? '', 'age-key': key.identity };
  drill = { cluster, 'drill-of': elsewhere, confirm: 'seed', history, ...source };
}, 900_000);

afterAll(async () => {
  await lab.down();
  rmSync(place, { recursive: true, force: true });
}, 120_000);

test('a host of the real cluster is refused, by the file and by what it has', async () => {
  const listed = refusal(await act('restore', { ...drill, 'drill-of': real }));
  expect(listed.codes).toEqual(['DRILL_HOSTS']);
  expect(listed.log).not.toContain('Connect to the hosts');
  const used = refusal(await act('restore', drill));
  expect(used.codes).toEqual(['DRILL_HOSTS']);
  expect(await onHost('node-1', 'systemctl is-active kubelet')).toBe('active\n');
}, 120_000);

test('a spare host becomes the control plane of the backup, and is bare again after a reset; the next drill has a trend', async () => {
  await lab.reimage('node-1');
  for (const night of [1, 2]) {
    const restored = succeeded(await act('restore', drill));
    note(`a drill on one host: ${seconds(restored.milliseconds)}`);
    expect(restored.outputs).toMatchObject({ passed: 'true', 'drill-began': 'true' });
    expect(restored.summary).toContain('Restore drill of seed: passed in');
    expect(restored.summary).toMatch(/\d+ kinds, 0 differ/);
    expect(restored.summary.includes('earlier drill')).toBe(night === 2);
    expect(await onHost('node-1', 'systemctl is-active kube-apiserver')).toBe('active\n');
    expect(await onHost('node-1', 'systemctl cat kubelet >/dev/null 2>&1 || echo none')).toBe('none\n');
    succeeded(await act('reset', { cluster: drill.cluster ?? '', confirm: 'seed' }));
    expect(await onHost('node-1', 'find /etc/kubernetes/pki /var/lib/etcd -mindepth 1 2>/dev/null || true')).toBe('');
  }
  expect(readFileSync(join(place, 'drills.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2);
}, 600_000);
