import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Kubectl, openKubectl } from '../../lab/kubectl.ts';
import { prepareCache } from '../../lab/prepare.ts';
import { compareVersions } from '../../src/cluster/version-order.ts';
import { administratorOf } from '../lab/administrator.ts';
import { type ClusterText, changedCluster } from '../lab/cluster-file.ts';
import { killAt } from '../lab/killed-run.ts';
import { clientsOf, serviceClientOf } from '../lab/node-clients.ts';
import { note, seconds } from '../lab/note.ts';
import { figuresOf, isGood, type Sample } from '../lab/requests.ts';
import { act, bareHosts, lab, logOf, onHost, succeeded } from '../lab/seed-lab.ts';
import { webWorkload } from '../lab/web-workload.ts';

// An upgrade of the whole cluster by one minor version, under load. The binaries of the older one take some ten minutes to build if they can't be
// downloaded.
const [from, to] = ['1.36.3', '1.37.2'];
/** How often the runner is killed at a random moment. */
const kills = 5;
const masters = ['m1', 'm2', 'm3'];
const nodes = ['n1', 'n2'];
const cluster = `name: upgrade
kubernetesVersion: ${from}
addons: { metricsServer: false }
hosts:
${masters.map((name, index) => `  - { name: ${name}, address: 192.168.1.${211 + index}, roles: [etcd, master] }`).join('\n')}
${nodes.map((name, index) => `  - { name: ${name}, address: 192.168.1.${221 + index}, roles: [node] }`).join('\n')}
`;

const workload = webWorkload({ replicas: 20, maxUnavailable: 5 });

const place = mkdtempSync(join(tmpdir(), 'k8s-ha-upgrade-test-'));
let kubectl: Kubectl;
let stop: (() => Promise<readonly Sample[]>)[] = [];

beforeAll(async () => {
  await prepareCache((line) => console.log(line));
  await prepareCache((line) => console.log(line), from);
  const file = join(place, 'cluster.yaml');
  writeFileSync(file, cluster);
  await bareHosts(file);
  succeeded(await act('deploy'));
  kubectl = await openKubectl(lab);
  await kubectl.must(['apply', '-f', '-'], { input: workload });
  await kubectl.must(['rollout', 'status', 'deployment/web', '--timeout=180s'], { timeout: 190_000 });
  await kubectl.must(['rollout', 'status', 'daemonset/client', '--timeout=60s'], { timeout: 70_000 });
  stop = await clients();
}, 1_800_000);

afterAll(async () => {
  await Promise.all(stop.map((end) => end()));
  await lab.down();
  rmSync(place, { recursive: true, force: true });
}, 120_000);

/** Clients on each node, ten times a second: new connections through its load balancer, and a Service by its name. */
async function clients(): Promise<typeof stop> {
  const administrator = await administratorOf(lab, 'm1');
  return await Promise.all(
    nodes.flatMap((name) => [clientsOf(name, administrator), serviceClientOf(name, administrator)]),
  );
}

function changed(change: (text: ClusterText) => void): { readonly cluster: string } {
  return { cluster: changedCluster(lab, 'changed', change) };
}

/** The gate records for which hosts it ran. */
const gateLog = join(place, 'gate.log');
const upgrade = { nodes: { drainSeconds: 120 }, gate: `echo "$UPGRADE_HOST $UPGRADE_ROLE" >>${gateLog}` };
const upgraded = (more: object = {}) =>
  changed((text) => Object.assign(text, { kubernetesVersion: to, upgrade, ...more }));

/** What each API server answers, and what each kubelet has reported. */
async function versions(): Promise<readonly string[]> {
  // A restart that a killed run has begun is completed.
  const asked = 'for try in $(seq 60); do kubectl get --raw /version 2>/dev/null && break; sleep 1; done';
  const servers = await Promise.all(masters.map((name) => onHost(name, asked)));
  const kubelets = await kubectl.must([
    'get',
    'nodes',
    '-o',
    'jsonpath={range .items[*]}{.status.nodeInfo.kubeletVersion} {.spec.unschedulable}{"\\n"}{end}',
  ]);
  return [...servers.map((text) => String(JSON.parse(text).gitVersion)), ...kubelets.trim().split('\n')].map((each) =>
    each.trim(),
  );
}

const all = (version: string) => [...masters, ...nodes].map(() => `v${version}`);

test('the plan has the steps in order', async () => {
  const log = logOf(succeeded(await act('plan', upgraded())));
  const steps = [...log.matchAll(/(\S+): would (upgrade the API server|cordon, drain, upgrade)/g)].map(
    ([, host]) => host,
  );
  expect(steps).toEqual([...masters, ...nodes]);
  expect(log).toContain(`Kubernetes ${from} → ${to}`);
  expect(log.match(/would run upgrade\.gate/g)).toHaveLength(5);
  expect(existsSync(gateLog)).toBe(false);
}, 120_000);

test('a bad flag with the new version leaves one master on the old version, and the others untouched', async () => {
  const extraArgs = [{ name: 'max-requests-inflight', value: 'many' }];
  // Without a gate, all masters of the run are changed at once.
  const failed = await act('deploy', upgraded({ apiServer: { extraArgs }, upgrade: { nodes: upgrade.nodes } }));
  note(`a bad flag with the new version: refused after ${seconds(failed.milliseconds)}`);
  expect(failed.status).toBe(1);
  expect(logOf(failed)).toMatch(/the former ones are back, and it runs with them/);
  expect(logOf(failed).match(/was not restarted, because its restart on m\d failed/g)?.length).toBeGreaterThanOrEqual(
    2,
  );
  expect(await versions()).toEqual(all(from));
}, 300_000);

test('after the fix it continues; killed at any moment, no version goes back, and the next run finishes it', async () => {
  let seen: readonly string[] = all(from);
  for (let turn = 0; turn < kills; turn += 1) {
    const after = Math.random() * 15_000;
    const { killed } = await killAt({ seen: 'Observe the cluster', after }, 'deploy', upgraded());
    const now = await versions();
    note(`${killed ? 'killed' : 'ended'} after ${seconds(after)}: ${now.join(', ')}`);
    const bare = (version: string) => version.replace(/^v| true$/g, '');
    expect(now.filter((version, index) => compareVersions(bare(version), bare(seen[index] ?? '')) < 0)).toEqual([]);
    seen = now;
  }
  // In a drain, unless the last node is upgraded by now.
  await killAt({ seen: 'evicted default/web', nth: 3 }, 'deploy', upgraded());
  expect((await versions()).slice(0, 3)).toEqual(all(to).slice(0, 3));
  const run = succeeded(await act('deploy', upgraded()));
  note(`the nodes of a killed upgrade: ${seconds(run.milliseconds)}`);
  expect(await versions()).toEqual(all(to));
  expect(succeeded(await act('deploy', upgraded())).outputs).toMatchObject({ changed: '0', restarted: '[]' });
  // After each kill the gate runs again before another host begins; only after the last host there is none.
  const gates = new Set(readFileSync(gateLog, 'utf8').trim().split('\n'));
  expect([...gates]).toEqual(expect.arrayContaining([...masters.map((name) => `${name} master`), 'n1 node']));
}, 900_000);

test('no request has failed meanwhile', async () => {
  const samples = (await Promise.all(stop.splice(0).map((end) => end()))).flat();
  for (const target of [...nodes, 'service'])
    note(`${target}: ${figuresOf(samples.filter((sample) => sample.target === target))}`);
  expect(samples.length).toBeGreaterThan(1000);
  expect(samples.filter((sample) => !isGood(sample))).toEqual([]);
}, 60_000);
