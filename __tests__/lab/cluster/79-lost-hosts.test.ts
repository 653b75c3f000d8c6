import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openKubectl } from '../../../lab/kubectl.ts';
import type { WorkflowOptions, WorkflowRun } from '../../../lab/workflow/act.ts';
import { ageCommand } from '../age.ts';
import { etcdctl } from '../etcdctl.ts';
import { act, bareHosts, lab, onHost, succeeded } from '../seed-lab.ts';
import { outcomeOf, rebuild, results } from '../workflow-runs.ts';

// One host of each role dies, and the rest still has a quorum, a master and a node.
const cluster = `name: quint
kubernetesVersion: 1.37.2
hosts:
  - { name: one, address: 192.168.1.211, roles: [etcd, master] }
  - { name: two, address: 192.168.1.212, roles: [etcd, node] }
  - { name: three, address: 192.168.1.213, roles: [etcd] }
  - { name: four, address: 192.168.1.214, roles: [master] }
  - { name: five, address: 192.168.1.215, roles: [node] }
`;

/** When a host loses its power: during that job, at this condition. */
const losses = [
  { job: 'etcd three', host: 'three', when: 'test -s /etc/etcd/pki/server.key' },
  { job: 'master four', host: 'four', when: 'systemctl is-active --quiet kube-apiserver' },
  { job: 'node five', host: 'five', when: 'systemctl is-active --quiet containerd' },
] as const;

const place = mkdtempSync(join(tmpdir(), 'k8s-ha-lost-hosts-test-'));
let identity: string;
/** The first attempt. */
let broken: WorkflowRun;

beforeAll(async () => {
  const file = join(place, 'cluster.yaml');
  writeFileSync(file, cluster);
  await bareHosts(file);
  ({ identity } = await ageCommand());
}, 600_000);

afterAll(() => rmSync(place, { recursive: true, force: true }));

const attempt = (options: Partial<WorkflowOptions> = {}) =>
  rebuild(identity, { folder: join(place, 'run'), runId: 'rebuild', ...options });

const jobOf = ({ jobs }: WorkflowRun, wanted: string) =>
  jobs.find(({ id, matrix }) => [id, ...Object.values(matrix)].join(' ') === wanted);

const hostsAtGate = (run: WorkflowRun, output: 'changed-hosts' | 'failed-hosts') =>
  [...JSON.parse(jobOf(run, 'gate')?.outputs[`gate.${output}`] ?? '[]')].toSorted();

const errorsOf = (run: WorkflowRun, job: string) =>
  jobOf(run, job)
    ?.annotations.filter(({ kind }) => kind === 'error')
    .map(({ message }) => message)
    .join('\n');

/** Cuts the power of hosts while their own jobs work on them. */
function lossesOnLine() {
  const pulls = new Map<string, Promise<unknown>>();
  const onLine: WorkflowOptions['onLine'] = ({ job }) => {
    const loss = losses.find((each) => each.job === job);
    // Awaited below; until then its failure is not handled.
    if (loss && !pulls.has(job)) pulls.set(job, Promise.allSettled([pull(loss)]));
  };
  return { onLine, done: async () => (await Promise.all(pulls.values())).flat() };
}

async function pull({ host, when }: (typeof losses)[number]): Promise<string> {
  const end = Date.now() + 60_000;
  while ((await lab.exec(host, ['sh', '-c', when])).status !== 0) {
    if (Date.now() > end) throw new Error(`${host} never came to: ${when}`);
    await sleep(50);
  }
  await lab.powerOff(host, { hard: true });
  return host;
}

test('hosts that die in the middle of their jobs fail alone, the others complete, and the gate says which', async () => {
  const { onLine, done } = lossesOnLine();
  broken = await attempt({ onLine });
  expect(await done()).toEqual(losses.map(({ host }) => ({ status: 'fulfilled', value: host })));
  expect(results(broken)).toEqual({
    ...{ plan: 'success', pki: 'success', addons: 'success', 'verify-failover': 'skipped', gate: 'failure' },
    ...{ 'etcd one': 'success', 'etcd two': 'success', 'etcd three': 'failure' },
    ...{ 'master one': 'success', 'master four': 'failure', 'node two': 'success', 'node five': 'failure' },
  });
  expect(hostsAtGate(broken, 'failed-hosts')).toEqual(['five', 'four', 'three']);
  for (const { job, host } of losses) {
    expect(errorsOf(broken, job)).toMatch(new RegExp(`^${host}: the connection to the host was lost`));
    const [role] = job.split(' ');
    expect(errorsOf(broken, 'gate')).toMatch(new RegExp(`^${host}: the ${role} job failed: `, 'm'));
  }
  const kubectl = await openKubectl(lab);
  expect(await kubectl.must(['get', 'nodes', '--no-headers'])).toMatch(/^two\s+Ready /m);
}, 600_000);

test('re-running the failed jobs alone completes the cluster', async () => {
  // Their setup is incomplete, so some of their units wait for a cluster.
  await Promise.all(losses.map(({ host }) => lab.powerOn(host, { settled: false })));
  const again = await attempt({ rerunOf: broken });
  expect(outcomeOf(again)).toEqual([
    {
      ...{ plan: 'success', pki: 'success', addons: 'success', 'verify-failover': 'skipped', gate: 'success' },
      ...{ 'etcd three': 'success', 'master one': 'success', 'master four': 'success' },
      ...{ 'node two': 'success', 'node five': 'success' },
    },
    true,
  ]);
  expect(succeeded(await act('plan')).outputs).toMatchObject({ changed: '0' });
  const health = await onHost('three', `${etcdctl} endpoint health --cluster 2>&1`);
  expect(health.match(/is healthy/g)).toHaveLength(3);
  const kubectl = await openKubectl(lab);
  expect((await kubectl.must(['get', 'nodes', '--no-headers'])).match(/ Ready /g)).toHaveLength(2);
}, 600_000);

test('if the bundles have expired, the failed jobs say that pki must run again, and after that the run completes', async () => {
  for (const id of readdirSync(join(place, 'run/artifacts'))) expire(join(place, 'run/artifacts', id, 'artifact.json'));
  await onHost('five', 'rm /etc/kubernetes/proxy.conf');
  const late = await attempt({ rerunOf: broken });
  expect(results(late)).toMatchObject({
    ...{ 'etcd three': 'failure', 'master one': 'failure', 'master four': 'failure' },
    ...{ 'node two': 'failure', 'node five': 'failure', gate: 'failure' },
  });
  expect(errorsOf(late, 'etcd three')).toMatch(
    /^three: the artifact k8s-ha-quint_three\.age is missing or has expired\n.*re-run the pki job/,
  );
  expect(hostsAtGate(late, 'changed-hosts')).toEqual([]);

  const renewed = await attempt({ rerunOf: broken, rerunJob: 'pki' });
  expect(outcomeOf(renewed)).toMatchObject([{ pki: 'success', 'etcd three': 'success', 'node five': 'success' }, true]);
  expect(hostsAtGate(renewed, 'changed-hosts')).toEqual(['five']);
}, 600_000);

/** Makes an artifact expire. */
function expire(file: string): void {
  const artifact = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...artifact, expiresAt: new Date(Date.now() - 1000).toISOString() }));
}
