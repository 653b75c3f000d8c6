import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Kubectl, openKubectl } from '../../../lab/kubectl.ts';
import { openLab } from '../../../lab/lab.ts';
import { type ActionResult, runAction } from '../../../lab/runner/run-action.ts';
import {
  busyMs,
  etcdLeader,
  failedWrites,
  holders,
  mostFailedWrites,
  serverEndpoints,
  slowest,
  tellBalancers,
  tellSeen,
  useEtcd,
  writesAgainMs,
} from '../etcd-users.ts';
import { labId } from '../lab-id.ts';
import { isGood } from '../requests.ts';
import { logOf, succeeded } from '../results.ts';
import { webService } from '../web-workload.ts';

// The second example besides the seed's: stacked etcd, masters that are nodes too, one host with sudo.
const lab = openLab({ id: labId('small') });
const masters = ['11', '12', '13'].map((last, index) => ({
  name: `master-${index + 1}`,
  address: `192.168.1.${last}`,
}));
const hosts = ['master-1', 'master-2', 'master-3', 'node-1', 'node-2'];
let kubectl: Kubectl;
/** The host whose power is cut in the end. */
let powerless = '';

const workload = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: web }
spec:
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

async function deploy(): Promise<ActionResult> {
  return succeeded(await runAction(lab, 'deploy'));
}

/** Retries until it works: endpoints, DNS and metrics are available everywhere only a moment after their creation. */
async function eventually(args: readonly string[]): Promise<string> {
  for (let left = 120; ; left -= 1) {
    const { status, stdout, stderr } = await kubectl.run(args, { timeout: 15_000 });
    if (status === 0) return stdout;
    if (left === 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly nodeName: string };
  readonly status: { readonly podIP: string };
}

async function webPods(): Promise<readonly Pod[]> {
  const { items } = JSON.parse(await kubectl.must(['get', 'pods', '-l', 'app=web', '-o', 'json'])) as {
    items: readonly Pod[];
  };
  return items;
}

beforeAll(async () => {
  await lab.down();
  await lab.up({ cluster: join(lab.root, 'examples/small/cluster.yaml') });
}, 600_000);

afterAll(async () => {
  await lab.down();
}, 120_000);

test('one run deploys three masters with stacked etcd and two nodes, and a second run changes nothing', async () => {
  const first = await deploy();
  console.log(
    logOf(first)
      .split('\n')
      .filter((line) => / m?s$/.test(line))
      .join('\n'),
  );
  kubectl = await openKubectl(lab);
  const nodes = await kubectl.must(['get', 'nodes', '--no-headers']);
  expect(
    nodes
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).slice(0, 2).join(' ')),
  ).toEqual(hosts.map((host) => `${host} Ready`));
  const second = await deploy();
  expect(second.outputs).toMatchObject({ changed: '0', restarted: '[]' });
}, 600_000);

test('the label of the file is on its node', async () => {
  expect((await kubectl.must(['get', 'nodes', '-l', 'disk=ssd', '-o', 'name'])).trim()).toBe('node/node-2');
});

test('pods reach each other over hosts, and the Service by its DNS name from every host', async () => {
  await kubectl.must(['apply', '-f', '-'], { input: workload });
  await kubectl.must(['rollout', 'status', 'daemonset/web', '--timeout=120s'], { timeout: 130_000 });
  const pods = await webPods();
  expect(pods.map((pod) => pod.spec.nodeName).toSorted()).toEqual(hosts);
  const pairs = pods.flatMap((from) => pods.filter((to) => to !== from).map((to) => [from, to] as const));
  const answers = await Promise.all(
    pairs.map(([from, to]) =>
      eventually(['exec', from.metadata.name, '--', '/web', 'get', `http://${to.status.podIP}:8080/`]),
    ),
  );
  expect(answers).toHaveLength(20);
  for (const [index, [, to]] of pairs.entries()) expect(answers[index]).toContain(to.metadata.name);
  for (const { metadata } of pods)
    expect(
      await eventually(['exec', metadata.name, '--', '/web', 'get', 'http://web.default.svc.cluster.local/']),
    ).toContain('web-');
}, 300_000);

test('logs, exec and top work for pods on every host', async () => {
  for (const { metadata } of await webPods()) {
    expect(await eventually(['logs', metadata.name])).toContain('listens on');
    expect(
      await eventually(['exec', metadata.name, '--', '/web', 'lookup', 'kubernetes.default.svc.cluster.local']),
    ).toContain('10.96.0.1');
  }
  const top = await eventually(['top', 'nodes', '--no-headers']);
  for (const host of hosts) expect(top).toContain(host);
}, 300_000);

/** The observations of etcd's users through the API servers that stay. */
async function etcdLost(
  what: string,
  host: string,
  lose: () => Promise<unknown>,
  endpoints = masters,
): Promise<{ readonly reads: number; readonly writes: number; readonly share: number }> {
  const before = await holders(kubectl);
  const stop = await useEtcd(lab, kubectl, serverEndpoints(lab, endpoints));
  await sleep(2000);
  const from = Date.now();
  await lose();
  await sleep(15_000);
  const seen = await stop();
  tellSeen(`${what} on ${host}`, seen, from);
  await tellBalancers(lab, endpoints, from);
  expect(seen.reads.filter((sample) => !isGood(sample))).toEqual([]);
  // A leader on a host that stays need not be replaced.
  const stays = (lease: string) => endpoints.some(({ name }) => lease.includes(` ${name}_`));
  kubectl = await openKubectl(lab);
  expect(await holders(kubectl)).toEqual(expect.arrayContaining(before.filter(stays)));
  const { share, lastBegun } = failedWrites(seen, from);
  expect(lastBegun).toBeLessThan(writesAgainMs);
  return { reads: slowest(seen.reads), writes: slowest(seen.writes), share };
}

// First the follower, while each API server still uses the member on its own host: one that has changed over stays with the other member.
test.each([
  ['frozen', 'follower', 'SIGSTOP', 'SIGCONT'],
  ['killed', 'leader', 'SIGKILL', ''],
] as const)(
  'a %s %s of etcd takes the API server beside it no further than to the others',
  async (how, which, signal, heal) => {
    const leader = await etcdLeader(lab, masters);
    const host = which === 'leader' ? leader : (masters.find(({ name }) => name !== leader)?.name ?? '');
    const kill = (name: string) => lab.exec(host, ['systemctl', 'kill', `--signal=${name}`, 'etcd.service']);
    try {
      const took = await etcdLost(`a ${how} ${which}`, host, () => kill(signal));
      expect(took.reads).toBeLessThan(busyMs);
      // etcd gives up a write in flight to the leader after 7 s (docs/failover.md).
      expect(took.writes).toBeLessThan((which === 'leader' ? 7000 : 0) + busyMs);
      expect(took.share).toBeLessThanOrEqual(mostFailedWrites[which]);
    } finally {
      if (heal !== '') await kill(heal);
    }
    await sleep(3000);
  },
  120_000,
);

test('the master that leads etcd loses its power, and readers of the others hardly notice', async () => {
  const leader = await etcdLeader(lab, masters);
  const left = masters.filter(({ name }) => name !== leader);
  powerless = leader;
  const took = await etcdLost('a silent power-off', leader, () => lab.powerOff(leader, { hard: true }), left);
  expect(took.reads).toBeLessThan(busyMs);
  expect(took.writes).toBeLessThan(7000 + busyMs);
  expect(took.share).toBeLessThanOrEqual(mostFailedWrites.leader);
}, 180_000);

test('when its power is back, everything there is as the run made it', async () => {
  await lab.powerOn(powerless);
  expect((await deploy()).outputs).toMatchObject({ changed: '0', restarted: '[]' });
}, 180_000);
