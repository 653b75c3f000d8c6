import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Kubectl, openKubectl } from '../../lab/kubectl.ts';
import { type AgeKey, newIdentity } from '../../src/pki/index.ts';
import { changedCluster } from '../lab/cluster-file.ts';
import { allObjects } from '../lab/cluster-objects.ts';
import { etcdctl, votersBy } from '../lab/etcdctl.ts';
import { note, seconds } from '../lab/note.ts';
import { refusal } from '../lab/refusals.ts';
import { seedHosts } from '../lab/seed-hosts.ts';
import { act, lab, onHost, standingCluster, succeeded } from '../lab/seed-lab.ts';
import { webService } from '../lab/web-workload.ts';

// The seed's cluster is backed up, all seven machines are lost, and empty ones come back from one file and one key.
const place = mkdtempSync(join(tmpdir(), 'k8s-ha-restore-test-'));
const limitMs = 60_000;
let kubectl: Kubectl;
let key: AgeKey;
let file: string;
let revision: number;
let before: ReadonlyMap<string, string>;

const workload = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 1
      tolerations: [{ operator: Exists }]
      containers:
        - name: web
          image: k8s-ha.test/web:1
          readinessProbe: { httpGet: { port: 8080, path: / }, periodSeconds: 1 }
---
${webService}`;

beforeAll(async () => {
  kubectl = await standingCluster();
  await kubectl.must(['apply', '-f', '-'], { input: workload });
  await kubectl.must(['rollout', 'status', 'deployment/web', '--timeout=180s'], { timeout: 190_000 });
  await kubectl.must(['create', 'secret', 'generic', 'kept', '--from-literal=key=plain-value']);
  await kubectl.must(['label', 'node', '--all', 'rack=seven']);
  key = await newIdentity();
  before = await allObjects(kubectl);
  const cluster = changedCluster(lab, 'restore', (text) => {
    text.backup = { recipients: [key.recipient] };
  });
  const { outputs } = succeeded(await act('backup', { cluster, folder: place, artifact: 'false' }));
  file = outputs.file ?? '';
  revision = Number(outputs.revision);
}, 900_000);

afterAll(async () => {
  await lab.down();
  rmSync(place, { recursive: true, force: true });
}, 120_000);

const inputs = (path: string = file, { identity }: AgeKey = key) => ({
  confirm: 'seed',
  backup: path,
  'age-key': identity,
});

/** A refusal before any host was contacted. */
async function refusedFor(code: string, path: string, age = key): Promise<void> {
  const { codes, log } = refusal(await act('restore', inputs(path, age)));
  expect(codes).toEqual([code]);
  expect(log).not.toContain('Connect to the hosts');
}

test('a damaged file, a part of it and another key are refused before any host is contacted', async () => {
  const bytes = readFileSync(file);
  const flipped = Buffer.from(bytes);
  flipped[bytes.length >> 1] = (flipped[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(join(place, 'flipped.age'), flipped);
  writeFileSync(join(place, 'cut.age'), bytes.subarray(0, -500));
  await refusedFor('BACKUP_DAMAGED', join(place, 'flipped.age'));
  await refusedFor('BACKUP_TRUNCATED', join(place, 'cut.age'));
  await refusedFor('BACKUP_OTHER_KEY', file, await newIdentity());
}, 120_000);

test('a cluster that runs has newer data, which is only lost if the user says so', async () => {
  await kubectl.must(['create', 'configmap', 'later']);
  const { codes, log } = refusal(await act('restore', inputs()));
  expect(new Set(codes)).toEqual(new Set(['RESTORE_NEWER_DATA']));
  expect(log).toContain('discard-newer: true');
  await kubectl.must(['get', 'configmap', 'later']);
}, 120_000);

test('seven empty machines become the cluster of the backup within a minute', async () => {
  for (const { name } of seedHosts) await lab.reimage(name);
  const restored = succeeded(await act('restore', inputs()));
  const phases = restored.lines.flatMap(({ text }) => /^(\w[\w ]+): (\d{2,}|[1-9])\.\d s$/.exec(text)?.[0] ?? []);
  note(`seven bare hosts restored: ${seconds(restored.milliseconds)} (${phases.join(', ')})`);
  kubectl = await openKubectl(lab);
  // The status of objects is that of the backup until programs report.
  const ask = ['exec', 'deployment/web', '--', '/web', 'get', 'http://web.default.svc.cluster.local/'];
  const began = performance.now();
  for (let left = 120; (await kubectl.run(ask)).status !== 0; left -= 1) {
    expect(left).toBeGreaterThan(0);
    await sleep(500);
  }
  note(`its workload answers by a Service after ${seconds(performance.now() - began)} more`);
  const after = await allObjects(kubectl);
  const lost = [...before].filter(([uid, text]) => after.get(uid) !== text).map(([, text]) => text.slice(0, 200));
  expect(lost).toEqual([]);
  expect((await kubectl.run(['get', 'configmap', 'later'])).stderr).toContain('NotFound');
  const node = JSON.parse(await kubectl.must(['get', 'nodes', '-l', 'rack=seven', '-o', 'json'])) as {
    items: object[];
  };
  expect(node.items).toHaveLength(seedHosts.filter(({ name }) => name.startsWith('node')).length);
  expect(Object.keys(await votersBy('etcd-1')).sort()).toEqual(['etcd-1', 'etcd-2', 'etcd-3']);
  expect(restored.milliseconds).toBeLessThan(limitMs);
}, 600_000);

test('revisions continue far above those of the backup, and secrets are encrypted in etcd', async () => {
  await kubectl.must(['create', 'configmap', 'new']);
  const made = JSON.parse(await kubectl.must(['get', 'configmap', 'new', '-o', 'json']));
  expect(Number(made.metadata.resourceVersion)).toBeGreaterThan(1_000_000_000 + revision);
  const stored = await onHost('etcd-1', `${etcdctl} get /registry/secrets/default/kept | head -c 40 | tr -d '\\0'`);
  expect(stored).toContain('k8s:enc:');
  const value = await kubectl.must(['get', 'secret', 'kept', '-o', 'jsonpath={.data.key}']);
  expect(Buffer.from(value, 'base64').toString()).toBe('plain-value');
}, 60_000);

test('a deployment finds nothing to change, and the same backup again is refused', async () => {
  expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '0', restarted: '[]' });
  expect(new Set(refusal(await act('restore', inputs())).codes)).toEqual(new Set(['RESTORE_NEWER_DATA']));
}, 300_000);

test('the same hosts are restored while they run, if newer data is discarded', async () => {
  const restored = succeeded(await act('restore', { ...inputs(), 'discard-newer': 'true' }));
  note(`seven hosts that run restored: ${seconds(restored.milliseconds)}`);
  expect((await kubectl.run(['get', 'configmap', 'new'])).stderr).toContain('NotFound');
  await kubectl.must(['get', 'secret', 'kept']);
  expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '0' });
}, 600_000);
