import { expect, test } from '@jest/globals';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { parseCluster } from '../../src/cluster/load.ts';
import type { Role } from '../../src/cluster/schema.ts';
import type { ObservedNode, ObservedVersions } from '../../src/observe/observed.ts';
import { deprecatedCalls } from '../../src/observe/upgrade.ts';
import { blocksInWords, stepInWords } from '../../src/plan/step.ts';
import { upgradePlan } from '../../src/plan/upgrade.ts';
import { upgradeRecord } from '../../src/plan/upgrade-record.ts';
import { budgetWarnings, deprecationWarnings } from '../../src/plan/upgrade-warnings.ts';

const cluster = parseCluster(
  `name: tiny
kubernetesVersion: 1.37.2
versions: { etcd: 3.7.3, containerd: 2.4.2 }
hosts:
  - { name: one, address: 192.168.1.11, roles: [etcd, master] }
  - { name: two, address: 192.168.1.12, roles: [master, node], hostname: zwei }
  - { name: three, address: 192.168.1.13, roles: [node] }
`,
  'cluster.yaml',
);
const node = (name: string, kubeletVersion: string): ObservedNode => ({
  ...{ name, uid: name, ready: true, machineId: name, addresses: [], kubeletVersion, cordoned: false },
  runtimeVersion: 'containerd://2.4.2',
});
const running = (kubernetes: string, etcd: string): ObservedVersions => ({
  served: ['one', 'two'].map((host) => ({ host, component: 'kube-apiserver', version: kubernetes })),
  placed: [{ host: 'one', name: 'etcd', program: 'etcd', version: etcd }],
  addons: {},
});

test('an upgrade has its steps in order: members, masters, nodes', () => {
  const plan = upgradePlan(cluster, running('1.36.3', '3.6.11'), [node('zwei', 'v1.36.3'), node('three', 'v1.36.3')]);
  expect(plan.steps.map((step) => stepInWords(step, true))).toEqual([
    'one: would upgrade etcd: etcd 3.6.11 → 3.7.3; interrupts the API until it serves again: it is the only member',
    expect.stringMatching(/^one: would upgrade the API server.*: Kubernetes 1.36.3 → 1.37.2, one master at a time/),
    expect.stringMatching(/^two: would upgrade the API server/),
    expect.stringMatching(
      /^two: would cordon, drain, upgrade and uncordon: kubelet 1.36.3 → 1.37.2, one node at a time/,
    ),
    expect.stringMatching(/^three: would cordon, drain/),
  ]);
  expect(plan).toMatchObject({ newMinor: 37, drains: true });
});

test('after a killed run, the node that it left cordoned comes first, and has place for the pods of the next one', () => {
  const left = { ...node('three', 'v1.36.3'), cordoned: true, cordonedBy: 'run 7' };
  const { steps } = upgradePlan(cluster, running('1.37.2', '3.7.3'), [node('zwei', 'v1.36.3'), left]);
  const drained = 'cordon, drain, upgrade and uncordon';
  expect(steps.map((step) => [step.host, step.do])).toEqual([
    ['three', drained],
    ['two', drained],
  ]);
});

test('each step says what it waits for', () => {
  const trio = withMembers();
  const nodes = [node('one', 'v1.36.3'), node('two', 'v1.36.3'), node('three', 'v1.36.3')];
  const waits = upgradePlan(trio, everywhere('1.36.3', '3.6.11'), nodes).steps.map(({ host, waitsFor }) => [
    host,
    waitsFor,
  ]);
  const master = 'the lock of restarts in etcd, and until the API servers of all other masters are ready';
  expect(waits).toEqual([
    ...names.map((name) => [name, 'the lock of restarts in etcd, and a quorum of the other members']),
    ...names.map((name) => [name, master]),
    ...names.map((name) => [name, 'its turn (a Lease), and until every API server has 1.37.2']),
  ]);
});

test('what does not answer blocks the steps that need it', () => {
  const observed = everywhere('1.36.3', '3.6.11');
  const silent = { ...observed, served: observed.served.filter(({ host }) => host === 'one') };
  const { steps } = upgradePlan(withMembers(), silent, [node('one', 'v1.36.3')]);
  const blocks = steps.flatMap(blocksInWords);
  expect(blocks.filter((line) => line.startsWith('one:'))).toEqual([
    'one: cannot upgrade etcd now: etcd gives no answer on two, three, and the others are no quorum without this one',
    ...['two', 'three'].map(
      (name) =>
        `one: cannot upgrade the API server, and behind it its controller-manager and scheduler now: the API server of ${name} does not answer`,
    ),
    ...['two', 'three'].map(
      (name) => `one: cannot upgrade without a drain now: the API server of ${name} does not answer`,
    ),
  ]);
  // If none answers, nothing is known of them.
  expect(upgradePlan(withMembers(), { ...silent, served: [] }, undefined).steps.flatMap(blocksInWords)).toEqual([]);
});

test('a job’s plan has the steps of its own hosts', () => {
  const trio = withMembers();
  const own = (name: string) => (role: Role) =>
    role === 'master' ? trio.hosts.filter((host) => host.name === name) : [];
  const { steps } = upgradePlan(trio, everywhere('1.36.3', '3.6.11'), undefined, own('two'));
  expect(steps.map((step) => [step.host, step.do.slice(0, 22)])).toEqual([['two', 'upgrade the API server']]);
});

test('the gate follows each master and node, and no member of etcd', () => {
  const trio = withMembers("upgrade: { gate: 'true', gateSeconds: 60 }");
  const { steps } = upgradePlan(trio, everywhere('1.36.3', '3.6.11'), [node('one', 'v1.36.3'), node('two', 'v1.37.2')]);
  const gates = steps.map((step) => stepInWords(step, true)).filter((line) => line.includes('upgrade.gate'));
  expect(gates).toEqual(
    [...names, 'one', 'three'].map(
      (name) =>
        `${name}: would run upgrade.gate on the runner: with exit status 0 within 60 s the next host begins; otherwise the upgrade stops here`,
    ),
  );
  expect(steps.findIndex((step) => step.do.includes('gate'))).toBe(4);
});

test('what earlier runs have kept is in the plan: how long a host took, and whom the gate has not let pass', () => {
  const trio = withMembers("upgrade: { gate: 'true' }");
  const kept = {
    'gate.one': 'master',
    'gate.gone': 'node',
    'gate.two': 'etc',
    'seconds.node': '12',
    'seconds.master': '-3',
  };
  const record = upgradeRecord(trio, new Map(Object.entries(kept)));
  expect(record).toEqual({ ungated: [{ host: trio.hosts[0], role: 'master' }], seconds: { node: 12 } });
  const half = everywhere('1.37.2', '3.7.3');
  const { steps } = upgradePlan(
    trio,
    half,
    [node('one', 'v1.37.2'), node('two', 'v1.36.3'), node('three', 'v1.37.2')],
    undefined,
    record,
  );
  expect(steps.map((step) => stepInWords(step, true))).toEqual([
    'one: would run upgrade.gate on the runner: it has not let this host pass in an earlier run; only then another host begins',
    expect.stringMatching(/^two: would cordon, drain, .*; about 12 s last time$/),
    expect.stringMatching(/^two: would run upgrade.gate/),
  ]);
  expect(upgradePlan(trio, half, [], () => [], record).steps).toEqual([]);
});

const names = ['one', 'two', 'three'];

/** Three hosts with all roles. */
function withMembers(line = ''): Cluster {
  const hosts = names.map(
    (name, index) => `  - { name: ${name}, address: 192.168.1.2${index}, roles: [etcd, master, node] }`,
  );
  const versions = 'versions: { etcd: 3.7.3, containerd: 2.4.2 }';
  return parseCluster(
    ['name: trio', 'kubernetesVersion: 1.37.2', versions, line, 'hosts:', ...hosts, ''].join('\n'),
    'x',
  );
}

/** All processes answer, and what they run lies on their hosts. */
function everywhere(kubernetes: string, etcd: string): ObservedVersions {
  const of = (host: string) => [
    { host, component: 'kube-apiserver' as const, version: kubernetes },
    { host, component: 'etcd' as const, version: etcd },
  ];
  const placed = names.flatMap((host): ObservedVersions['placed'] => [
    { host, name: 'kubernetes', program: 'kube-apiserver', version: kubernetes },
    { host, name: 'kubernetes', program: 'kubelet', version: kubernetes },
    { host, name: 'etcd', program: 'etcd', version: etcd },
  ]);
  return { served: names.flatMap(of), placed, addons: {} };
}

test('what runs as wanted, or is not known, has no step', () => {
  const upgraded = upgradePlan(cluster, running('1.37.2', '3.7.3'), [
    node('zwei', 'v1.37.2'),
    node('three', 'v1.37.2'),
  ]);
  expect(upgraded).toEqual({ steps: [], drains: false });
  const unknown = upgradePlan(cluster, { served: [], placed: [], addons: {} }, undefined);
  expect(unknown).toEqual({ steps: [], drains: false });
});

test('a patch release is no new minor version, and a killed run is completed', () => {
  const half = upgradePlan(cluster, running('1.37.1', '3.7.3'), [node('zwei', 'v1.37.2'), node('three', 'v1.37.1')]);
  expect(half.steps.map(({ host }) => host)).toEqual(['one', 'two', 'three']);
  expect(half.newMinor).toBeUndefined();
});

test('budgets without room are named, and those without pods are not', () => {
  const budgets = [
    { name: 'default/web', disruptionsAllowed: 0, expectedPods: 3 },
    { name: 'default/free', disruptionsAllowed: 1, expectedPods: 3 },
    { name: 'default/empty', disruptionsAllowed: 0, expectedPods: 0 },
  ];
  expect(budgetWarnings(budgets, 300)).toEqual([
    expect.stringMatching(/^the disruption budget default\/web allows no eviction of its 3 pods now.* 300 s/),
  ]);
});

test('requests for APIs that the new release does not serve are named once', () => {
  const metric = (labels: string, value = 1) => `apiserver_requested_deprecated_apis{${labels}} ${value}\n`;
  const flows = (removed: string) =>
    `group="flowcontrol.apiserver.k8s.io",removed_release="${removed}",resource="flowschemas",subresource="",version="v1beta3"`;
  const text =
    '# HELP apiserver_requested_deprecated_apis [STABLE] Gauge of deprecated APIs\n' +
    metric(flows('1.37')).repeat(2) +
    metric('group="",removed_release="1.39",resource="endpoints",subresource="",version="v1"') +
    metric('group="",removed_release="",resource="componentstatuses",subresource="",version="v1"') +
    metric(flows('1.36').replace('flowschemas', 'unused'), 0);
  expect(deprecationWarnings(deprecatedCalls(text), 37)).toEqual([
    'a client has requested flowschemas.v1beta3.flowcontrol.apiserver.k8s.io, which Kubernetes 1.37 no longer serves: change the client before the upgrade',
  ]);
  expect(deprecatedCalls('apiserver_requested_deprecated_apis{x\n')).toEqual([]);
});
