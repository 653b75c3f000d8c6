import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Problem, problemsOf } from '../../src/errors.ts';
import {
  ApiClient,
  type ApiObject,
  applyManifests,
  cordonAnnotation,
  cordonNode,
  deleteNode,
  drainNode,
  inTurn,
  labelNodes,
  nameOf,
  nodeNamed,
  nodeStatus,
  parseManifests,
  uncordonNode,
  waitForNodes,
} from '../../src/kubernetes/index.ts';
import { RecordingLog } from '../../src/log.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { type ControlPlane, localMasters, localTunnel, startControlPlane } from './local-control-plane.ts';

let plane: ControlPlane;
let api: ApiClient;

beforeAll(async () => {
  plane = await startControlPlane();
  api = plane.api;
}, 600_000);
afterAll(async () => await plane?.[Symbol.asyncDispose]());

const manifests = `
apiVersion: example.org/v1
kind: Thing
metadata: { name: one, namespace: demo }
spec: { size: 1 }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: demo }
data: { mode: "1" }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.org }
spec:
  group: example.org
  scope: Namespaced
  names: { kind: Thing, plural: things, singular: thing }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
---
apiVersion: v1
kind: Namespace
metadata: { name: demo }
`;

async function apply(objects: readonly ApiObject[], dryRun = false): Promise<readonly string[]> {
  const log = new RecordingLog();
  const changes = await applyManifests(api, objects, { set: 'test', log, dryRun });
  return changes.map(({ object, did }) => `${nameOf(object)} ${did}`).toSorted();
}

test('manifests in any order are created, then unchanged, fixed after a drift, and removed with their file', async () => {
  const objects = parseManifests(manifests, 'things.yaml');
  const created = [
    'ConfigMap demo/settings',
    'CustomResourceDefinition things.example.org',
    'Namespace demo',
    'Thing demo/one',
  ];
  const all = created.map((name) => `${name} created`);
  expect(await apply(objects, true)).toEqual(all);
  expect(await apply(objects)).toEqual(all);
  expect(await apply(objects)).toEqual([]);
  await api.patch('/api/v1/namespaces/demo/configmaps/settings', { data: { mode: '2' } });
  expect(await apply(objects, true)).toEqual(['ConfigMap demo/settings changed']);
  expect(await apply(objects)).toEqual(['ConfigMap demo/settings changed']);
  const fewer = objects.filter(({ kind }) => kind !== 'ConfigMap');
  expect(await apply(fewer, true)).toEqual(['ConfigMap demo/settings removed']);
  expect(await apply(fewer)).toEqual(['ConfigMap demo/settings removed']);
  expect(await apply(fewer)).toEqual([]);
});

test('an object without our label is never pruned', async () => {
  const path = '/api/v1/namespaces/default/configmaps/taken-over';
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'taken-over', namespace: 'default' } };
  await applyManifests(api, [object], { set: 'other', log: new RecordingLog() });
  await api.patch(path, { metadata: { labels: { 'k8s-ha-action/set': null } } });
  const log = new RecordingLog();
  expect(await applyManifests(api, [], { set: 'other', log })).toEqual([]);
  expect(log.lines.join()).toContain('left as it is');
  await expect(api.get(path)).resolves.toMatchObject({ metadata: { name: 'taken-over' } });
});

test('several objects that the server refuses are all reported', async () => {
  const bad = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'nowhere' } });
  const failing = applyManifests(api, [bad('a'), bad('b')], { set: 'bad', log: new RecordingLog() });
  await expect(failing).rejects.toMatchObject({ errors: [{ code: 'API_NOT_FOUND' }, { code: 'API_NOT_FOUND' }] });
});

async function expectEventually(look: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await look()) return;
    await delay(100);
  }
  throw new Error('never came true');
}

test('the wait for nodes names what each missing one lacks, and only our labels are changed', async () => {
  const host = seedCluster().hosts.find(({ name }) => name === 'node-1');
  if (!host) throw new Error('node-1');
  const path = `/api/v1/nodes/${host.nodeName}`;
  await api.create('/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: host.nodeName, labels: { theirs: 'yes' } },
  });
  const log = new RecordingLog();
  const condition = (status: string) => ({ type: 'Ready', status, reason: 'KubeletNotReady', message: 'no network' });
  await api.patch(`${path}/status`, { status: { conditions: [condition('False')] } });
  await expect(waitForNodes(api, [host.nodeName, 'gone'], { timeoutMs: 500, log })).rejects.toMatchObject({
    code: 'NODES_NOT_READY',
    fields: {
      detail: [`${host.nodeName}: KubeletNotReady: no network`, 'gone: it never registered with the API server'],
    },
  });
  const why = new Problem('the job would reach its time limit', { code: 'JOB_TIMEOUT' });
  const ends = new AbortController();
  setTimeout(() => ends.abort(why), 300);
  const cut = waitForNodes(api, [host.nodeName], { timeoutMs: 10_000, log, signal: ends.signal });
  expect((await cut.catch(problemsOf)) as readonly Problem[]).toMatchObject([
    { code: 'JOB_TIMEOUT', fields: { host: host.nodeName, detail: [`${host.nodeName}: KubeletNotReady: no network`] } },
  ]);
  setTimeout(() => void api.patch(`${path}/status`, { status: { conditions: [condition('True')] } }), 200);
  await waitForNodes(api, [host.nodeName], { timeoutMs: 10_000, log });
  expect(await nodeStatus(api, host.nodeName)).toMatchObject({ ready: true });
  expect(await labelNodes(api, [{ ...host, labels: { disk: 'ssd' } }])).toEqual([host.nodeName]);
  expect(await labelNodes(api, [{ ...host, labels: { disk: 'ssd' } }])).toEqual([]);
  expect(await labelNodes(api, [host])).toEqual([host.nodeName]);
  const { metadata } = await api.get(path);
  expect(metadata.labels).toEqual({ theirs: 'yes', 'node-role.kubernetes.io/node': '' });
});

test('a request and a watch survive the API server’s death', async () => {
  const [master] = plane.masters;
  const stop = new AbortController();
  const names: string[] = [];
  const lost: string[] = [];
  const watching = api.watch('/api/v1/namespaces', {
    signal: stop.signal,
    onLost: (reason) => lost.push(reason),
    onEvent: ({ object }) => void names.push(object.metadata.name),
  });
  await expectEventually(async () => names.includes('default'));
  await master?.end('SIGKILL');
  const asking = api.get('/api/v1/namespaces/default');
  await delay(300);
  master?.start();
  await expect(asking).resolves.toMatchObject({ metadata: { name: 'default' } });
  await api.apply('/api/v1/namespaces/late', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'late' } });
  await expectEventually(async () => names.includes('late'));
  stop.abort();
  await watching;
  expect(lost.length).toBeGreaterThan(0);
  expect(names.filter((name) => name === 'default')).toHaveLength(1);
}, 60_000);

test('errors have the server’s reason, and a wrong CA is not retried', async () => {
  await expect(api.get('/api/v1/namespaces/none')).rejects.toMatchObject({ code: 'API_NOT_FOUND', status: 404 });
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } };
  await expect(api.create('/api/v1/namespaces', namespace)).rejects.toMatchObject({ code: 'API_ALREADY_EXISTS' });
  const [master] = localMasters;
  if (!master) throw new Error('master');
  const other = execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=x'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  ).toString('base64');
  const conf = plane.adminConf.replace(/(certificate-authority-data: )[^ ]+/, `$1${other}`);
  const stranger = new ApiClient(localTunnel(master), { address: master.address, port: plane.port }, conf);
  const began = performance.now();
  await expect(stranger.get('/api/v1/namespaces/default')).rejects.toMatchObject({ code: 'API_UNTRUSTED' });
  expect(performance.now() - began).toBeLessThan(2000);
  stranger.close();
});

test('a request to a host that drops everything ends at its deadline', async () => {
  const [master] = localMasters;
  if (!master) throw new Error('master');
  const tunnel = { ...localTunnel(master), forward: () => new Promise<never>(() => undefined) };
  const client = new ApiClient(tunnel, { address: master.address, port: plane.port }, plane.adminConf);
  const failing = client.get('/api/v1/namespaces/default', { timeoutMs: 300, retryMs: 0 });
  await expect(failing).rejects.toMatchObject({ code: 'API_TIMEOUT' });
  const waiting = client.get('/api/v1/namespaces/default');
  client.close();
  await expect(waiting).rejects.toMatchObject({ code: 'API_STOPPED' });
});

/** A pod that is bound to a node without a kubelet; without grace it is gone as soon as it is evicted. */
const podOn = (nodeName: string, name: string, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'drained', labels: { app: name }, ...metadata },
  spec: {
    nodeName,
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10.2' }],
  },
});
const daemonSet = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'abc', controller: true };

test('a drain evicts what may go, reports what a budget keeps, and ends when the node is lost', async () => {
  const pods = '/api/v1/namespaces/drained/pods';
  await api.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'drained' } });
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
  await api.create('/api/v1/namespaces/drained/serviceaccounts', account);
  await api.create('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'leaving' } });
  const status = { status: { conditions: [{ type: 'Ready', status: 'True' }] } };
  await api.patch('/api/v1/nodes/leaving/status', status);
  await cordonNode(api, 'leaving', 'run 7');
  for (const name of ['free', 'kept']) await api.create(pods, podOn('leaving', name));
  // A budget does not protect a pod that never ran.
  await api.patch(`${pods}/kept/status`, { status: { phase: 'Running' } });
  await api.create(pods, podOn('leaving', 'agent', { ownerReferences: [daemonSet] }));
  const selector = { matchLabels: { app: 'kept' } };
  await api.create('/apis/policy/v1/namespaces/drained/poddisruptionbudgets', {
    ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'kept' } },
    spec: { minAvailable: 1, selector },
  });

  const [log, hint] = [new RecordingLog(), 'The node stays cordoned.'];
  await expect(drainNode(api, 'leaving', { timeoutMs: 500, log, hint })).rejects.toMatchObject({
    code: 'NODE_NOT_DRAINED',
    message: expect.stringMatching(/^leaving still has 1 pods after 1 s: drained\/kept: Cannot evict pod/),
  });
  const names = async () => (await api.list(pods)).items.map(({ metadata }) => metadata.name);
  expect(await names()).toEqual(['agent', 'kept']);

  await api.patch('/api/v1/nodes/leaving/status', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } });
  await drainNode(api, 'leaving', { timeoutMs: 500, log, hint });
  expect(log.lines).toContainEqual(expect.stringMatching(/drain ends with 1 pods left/));
  await api.patch('/api/v1/nodes/leaving/status', status);
  await api.delete('/apis/policy/v1/namespaces/drained/poddisruptionbudgets/kept');
  await drainNode(api, 'leaving', { timeoutMs: 5000, log, hint });
  expect(await names()).toEqual(['agent']);
});

const quick = { duration: 1500, renew: 100, poll: 50 };

/** Options of a turn of its own name. */
const turnOf = (holder: string, parts: object = {}) => ({
  ...{ slots: 1, name: 'test-turn', holder, attempt: 'run 7 attempt 1', log: new RecordingLog(), times: quick },
  ...{ signal: new AbortController().signal, ...parts },
});
const turnLease = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/test-turn-0';

test('turns do not overlap, also of holders that know nothing of each other, and a dead one’s turn expires', async () => {
  let [now, most, renewed] = [0, 0, 0];
  const work = async () => {
    now += 1;
    most = Math.max(most, now);
    await delay(250);
    now -= 1;
  };
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => inTurn(api, turnOf(`run 7 ${name}`), work)));
  expect(most).toBe(1);
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => inTurn(api, turnOf(`run 7 ${name}`, { slots: 2 }), work)));
  expect(most).toBe(2);

  const dead = { holderIdentity: 'run 6 x', renewTime: '2100-01-01T00:00:00.000000Z' };
  await api.patch(turnLease, { spec: dead });
  const begin = performance.now();
  await inTurn(api, turnOf('run 7 a'), async () => {
    renewed = performance.now() - begin;
  });
  expect(renewed).toBeGreaterThan(1500);
  await api.patch(turnLease, { spec: dead });
  await inTurn(api, turnOf('run 7 a', { isGone: (holder: string) => holder === 'run 6 x' }), async () => {
    renewed = performance.now() - begin - renewed;
  });
  expect(renewed).toBeLessThan(1500);
});

test('a turn that another one has taken is lost, and after a failure no other holder of the attempt begins', async () => {
  const stolen = inTurn(api, turnOf('run 7 a'), async (signal) => {
    await api.patch(turnLease, { spec: { holderIdentity: 'run 8 a' } });
    await delay(5000, undefined, { signal });
  });
  await expect(stolen).rejects.toMatchObject({ code: 'TURN_LOST' });
  const free = { isGone: () => true };
  const failing = async () => {
    throw new Error('no');
  };
  await expect(inTurn(api, turnOf('run 7 b', free), failing)).rejects.toThrow('no');
  const next = async () => 'done';
  await expect(inTurn(api, turnOf('run 7 c'), next)).rejects.toMatchObject({ code: 'TURN_REFUSED' });
  expect(await inTurn(api, turnOf('run 7 c', { attempt: 'run 7 attempt 2' }), next)).toBe('done');
});

test('a node is deleted with its Lease, requests and attachments, and those of others stay', async () => {
  const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
  const attachments = '/apis/storage.k8s.io/v1/volumeattachments';
  for (const nodeName of ['leaving', 'staying']) {
    const metadata = { name: nodeName };
    await api.create(leases, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata });
    const spec = { attacher: 'example.org', nodeName, source: { persistentVolumeName: 'data' } };
    await api.create(attachments, { apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttachment', metadata, spec });
  }
  await uncordonNode(api, 'leaving');
  const { spec, metadata } = (await nodeNamed(api, 'leaving')) ?? {};
  expect([spec?.unschedulable, metadata?.annotations?.[cordonAnnotation]]).toEqual([undefined, undefined]);
  const deleted = ['Node leaving', 'Lease leaving', 'VolumeAttachment leaving'];
  expect(await deleteNode(api, 'leaving')).toEqual(deleted);
  expect(await deleteNode(api, 'leaving')).toEqual([]);
  expect((await api.list(leases)).items.map((each) => each.metadata.name)).toEqual(['staying']);
  expect((await api.list(attachments)).items).toHaveLength(1);
});
