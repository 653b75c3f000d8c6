import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Kubectl, openKubectl } from '../../lab/kubectl.ts';
import { nodeMetrics } from '../../lab/workload.ts';
import { administratorOf } from '../lab/administrator.ts';
import {
  keepAdministrator,
  keepPairs,
  keptAdministrator,
  membersAnswer,
  metricsServerSees,
  startWeb,
  trusted,
  useAccount,
  useMetrics,
} from '../lab/ca-rotation.ts';
import { killAt } from '../lab/killed-run.ts';
import { serviceClientOf } from '../lab/node-clients.ts';
import { note, seconds } from '../lab/note.ts';
import { refusal } from '../lab/refusals.ts';
import { eventually } from '../lab/repeatedly.ts';
import { figuresOf, isGood } from '../lab/requests.ts';
import { keysOnMasters, makeSecrets, secretSums, secretsByKey, storedSecrets, useSecrets } from '../lab/rotation.ts';
import { node } from '../lab/seed-hosts.ts';
import { act, lab, logOf, onHost, standingCluster, succeeded } from '../lab/seed-lab.ts';

// Rotations at full size, with etcd on hosts of its own, while a node reads and creates Secrets.
const secrets = 10_000;
const kills = 20;
const caKills = 4;
const encryption = { what: 'encryption-key' };
const account = { what: 'service-account-key' };
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await standingCluster();
}, 900_000);

afterAll(async () => {
  await lab.down();
}, 120_000);

const tokenOf = async (): Promise<string> =>
  (await kubectl.must(['create', 'token', 'default', '--namespace=default', '--duration=1h'])).trim();

/** Whether each master's API server knows who has the token. */
async function acceptedBy(token: string): Promise<readonly boolean[]> {
  const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } });
  const review = 'kubectl create -f - -o jsonpath={.status.authenticated}';
  return await Promise.all(
    ['master-1', 'master-2', 'master-3'].map(
      async (master) => (await onHost(master, `printf '%s' '${body}' | ${review}`)) === 'true',
    ),
  );
}

const keyOf = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;

const robot = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'robot', namespace: 'default', annotations: { 'kubernetes.io/service-account.name': 'default' } },
  type: 'kubernetes.io/service-account-token',
};

test('the service-account key: tokens of both keys are accepted until the old one can’t be in use, then only the new one’s', async () => {
  await makeSecrets(kubectl, 1);
  await kubectl.must(['create', '-f', '-'], { input: JSON.stringify(robot) });
  const old = await tokenOf();
  expect(await acceptedBy(old)).toEqual([true, true, true]);
  const stop = await useSecrets();
  // The new key signs nothing yet, and is lost with the run.
  expect((await killAt({ seen: 'stage 1 of 3', after: 8000 }, 'rotate', account)).killed).toBe(true);
  expect((await killAt({ seen: 'stage 2 of 3', after: 6000 }, 'rotate', account)).killed).toBe(true);
  const between = await tokenOf();
  const refused = refusal(await act('rotate', account));
  const samples = await stop();
  note(`the service-account key: ${figuresOf(samples)}; ${refused.errors.join()}`);
  expect(samples.filter((sample) => !isGood(sample))).toEqual([]);
  expect(refused.codes).toEqual(['ROTATION_UNPROVEN']);
  expect(refused.errors.join()).toContain('default/robot');
  const current = await tokenOf();
  expect(keyOf(current)).not.toBe(keyOf(old));
  for (const token of [old, between, current]) expect(await acceptedBy(token)).toEqual([true, true, true]);

  await kubectl.must(['delete', 'secret', 'robot', '--namespace=default']);
  // As if the new key had signed for a day and an hour.
  const map = ['configmap', 'k8s-ha-action-rotation', '--namespace=kube-system'];
  const text = await kubectl.must(['get', ...map, '-o', 'jsonpath={.data.service-account-key}']);
  const since = new Date(Date.now() - 25 * 3600 * 1000).toISOString();
  const data = { 'service-account-key': `${text.split(' ')[0]} ${since}` };
  await kubectl.must(['patch', ...map, '--type=merge', '-p', JSON.stringify({ data })]);
  succeeded(await act('rotate', account));
  expect([await acceptedBy(old), await acceptedBy(current)]).toEqual([
    [false, false, false],
    [true, true, true],
  ]);
  expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '0', restarted: '[]' });
}, 1_800_000);

test(`the CAs of the front proxy and of etcd, each killed at ${caKills} random moments: no request fails, and the old ones are refused`, async () => {
  await makeSecrets(kubectl, 1);
  await keepPairs('old');
  const before = [...(await trusted('front-proxy')), ...(await trusted('etcd'))];
  expect(await metricsServerSees('old')).toContain('someone');
  expect(await membersAnswer('old')).toEqual([true, true, true]);
  const stops = [await useMetrics(kubectl), await useSecrets()];
  for (const [what, title, longest] of [
    ['front-proxy-ca', 'Rotate the front-proxy CA', 60_000],
    ['etcd-ca', 'Rotate the etcd CA', 150_000],
  ] as const) {
    for (let left = caKills; left > 0; left -= 1) {
      const after = Math.round(Math.random() * longest);
      const { killed } = await killAt({ seen: title, after }, 'rotate', { what });
      note(`${what}: killed: ${killed} after ${after} ms`);
    }
    // What a killed run has left is kept by a deployment.
    succeeded(await act('deploy'));
    note(`${what}: ${seconds(succeeded(await act('rotate', { what })).milliseconds)} for the last run`);
  }
  const samples = (await Promise.all(stops.map((stop) => stop()))).flat();
  note(`the CAs: ${figuresOf(samples)}`);
  expect(samples.filter((sample) => !isGood(sample))).toEqual([]);
  const after = [await trusted('front-proxy'), await trusted('etcd')];
  expect(after.map(({ length }) => length)).toEqual([1, 1]);
  expect(after.flat().filter((each) => before.includes(each))).toEqual([]);
  await keepPairs('new');
  expect(await metricsServerSees('old')).not.toContain('someone');
  expect(await membersAnswer('old')).toEqual([false, false, false]);
  expect(await metricsServerSees('new')).toContain('someone');
  expect(await membersAnswer('new')).toEqual([true, true, true]);
  expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '0', restarted: '[]' });
}, 3_600_000);

test('the CA of Kubernetes: it waits for pods that know only the old one, which is refused at the end, and no request fails', async () => {
  await startWeb(kubectl);
  await keepAdministrator();
  const before = await trusted('kubernetes');
  const stops = [
    await useAccount(kubectl),
    await serviceClientOf(node.name, await administratorOf(lab, 'master-2'), '10.254.0.2'),
  ];
  const waiting = await act('rotate', { what: 'kubernetes-ca' });
  note(`${seconds(waiting.milliseconds)} for stage 1\n${logOf(waiting)}`);
  const refused = refusal(waiting);
  expect(refused.codes).toEqual(['ROTATION_UNPROVEN']);
  expect(refused.errors.join()).toContain('default/web-');
  expect(refused.errors.join()).not.toContain('default/client');
  const rotated = succeeded(await act('rotate', { what: 'kubernetes-ca', 'restart-pods': 'true' }));
  const samples = (await Promise.all(stops.map((stop) => stop()))).flat();
  const bad = samples.filter((sample) => !isGood(sample));
  note(`${seconds(rotated.milliseconds)} for the rest; ${figuresOf(samples)}\n${logOf(rotated)}`);
  const after = await trusted('kubernetes');
  expect([after.length, before.includes(after[0] ?? '')]).toEqual([1, false]);
  expect(await onHost('master-2', 'ls /etc/kubernetes/pki')).not.toContain('ca-next.key');
  expect(await keptAdministrator()).toMatch(/Unauthorized|must be logged in/);
  kubectl = await openKubectl(lab);
  expect(await nodeMetrics(kubectl)).toContain(node.hostname);
  await kubectl.must(['expose', 'deployment', 'web', '--name=new', '--port=80', '--target-port=8080']);
  const address = await kubectl.must(['get', 'service', 'new', '-o', 'jsonpath={.spec.clusterIP}']);
  const ask = ['exec', 'daemonset/client', '--', '/web', 'get', `http://${address.trim()}/`];
  await eventually(async () => (await kubectl.run(ask)).status === 0);
  // Red on 28 November 2026, with all above green: 4 of 3,312 and 2 of 3,376 requests hung, all from a pod to the Service of the API servers. flannel
  // clears its masquerading rules for a moment when it starts, and the rotation restarts it four times.
  expect(bad).toEqual([]);
}, 900_000);

test(`the CA of Kubernetes, killed at ${caKills} random moments: no request fails, and the old one is refused`, async () => {
  await keepAdministrator();
  const before = await trusted('kubernetes');
  const stop = await useAccount(kubectl);
  const rotation = { what: 'kubernetes-ca', 'restart-pods': 'true' };
  for (let left = caKills; left > 0; left -= 1) {
    const after = Math.round(Math.random() * 90_000);
    const { killed } = await killAt({ seen: 'Rotate the kubernetes CA', after }, 'rotate', rotation);
    note(`kubernetes-ca: killed: ${killed} after ${after} ms`);
  }
  // What a killed run has left is kept by a deployment.
  succeeded(await act('deploy'));
  note(`kubernetes-ca: ${seconds(succeeded(await act('rotate', rotation)).milliseconds)} for the last run`);
  const samples = await stop();
  note(`the CA of Kubernetes: ${figuresOf(samples)}`);
  expect(samples.filter((sample) => !isGood(sample))).toEqual([]);
  const after = await trusted('kubernetes');
  expect([after.length, before.includes(after[0] ?? '')]).toEqual([1, false]);
  expect(await keptAdministrator()).toMatch(/Unauthorized|must be logged in/);
  kubectl = await openKubectl(lab);
  expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '0', restarted: '[]' });
}, 3_600_000);

test(`the encryption key with ${secrets} Secrets, killed at ${kills} random moments: none is lost, and no request fails`, async () => {
  await kubectl.must(['delete', 'namespace', 'rotation', '--ignore-not-found'], { timeout: 600_000 });
  await makeSecrets(kubectl, secrets);
  const before = await secretSums(kubectl);
  expect(before.size).toBe(secrets);
  const stop = await useSecrets();
  for (let left = kills; left > 0; left -= 1) {
    const after = Math.round(Math.random() * 40_000);
    const { killed } = await killAt({ seen: 'Rotate the encryption key', after }, 'rotate', encryption);
    note(`killed: ${killed} after ${after} ms; ${(await keysOnMasters()).join(', ')}`);
  }
  const last = succeeded(await act('rotate', encryption));
  const samples = await stop();
  note(`${seconds(last.milliseconds)} for the last run; ${figuresOf(samples)}`);
  expect(samples.filter((sample) => !isGood(sample))).toEqual([]);
  const [names = '', ...others] = await keysOnMasters();
  expect([names, ...others]).toEqual([names, names, names]);
  expect(await secretsByKey()).toEqual({ [names]: await storedSecrets() });
  expect(await secretSums(kubectl)).toEqual(before);
  expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '0', restarted: '[]' });
}, 7_200_000);
