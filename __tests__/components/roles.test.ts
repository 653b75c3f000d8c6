import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Role } from '../../src/cluster/schema.ts';
import { namedButNotRead } from '../../src/components/reads.ts';
import { downloadsOnly } from '../../src/components/roles.ts';
import { type HostState, hostState, mergeStates } from '../../src/host/state.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';
import { everyPath, seedWith, state, unitOf } from './support.ts';

const everyState = [seedCluster(), smallCluster()].flatMap((cluster) =>
  cluster.hosts.flatMap((host) =>
    host.roles.map((role) => ({ cluster, host, role, given: state(cluster, host.name, role) })),
  ),
);

test('the same input gives the same state, and is not changed', () => {
  const cluster = smallCluster();
  const before = JSON.stringify(cluster);
  for (const role of ['etcd', 'master', 'node'] as const) {
    expect(state(cluster, 'master-1', role)).toEqual(state(smallCluster(), 'master-1', role));
  }
  expect(JSON.stringify(cluster)).toBe(before);
});

test('the order of the hosts in the file changes nothing on any host', () => {
  for (const cluster of [seedCluster(), smallCluster()]) {
    const reversed = { ...cluster, hosts: cluster.hosts.toReversed() };
    // How a unit restarts is not on the host.
    const onHost = ({ units, ...rest }: HostState) => ({
      ...rest,
      units: units.map(({ rolling: _, ...unit }) => unit),
    });
    for (const { name, roles } of cluster.hosts)
      for (const role of roles) expect(onHost(state(reversed, name, role))).toEqual(onHost(state(cluster, name, role)));
  }
});

const keysOf = (role: Role) =>
  state(smallCluster(), 'master-1', role)
    .files.filter(({ path }) => everyPath.includes(path))
    .map(({ path }) => path);

test('no bundle makes a CA key appear on a node or an etcd member', () => {
  const authorities = everyPath.filter((path) => /ca\.key$|\/sa\.|encryption|admin\.conf/.test(path));
  expect(authorities.length).toBeGreaterThan(5);
  for (const role of ['node', 'etcd'] as const) {
    expect(keysOf(role).filter((path) => authorities.includes(path))).toEqual([]);
  }
  expect(authorities.filter((path) => !keysOf('master').includes(path))).toEqual([]);
});

/** What distributions provide: no state places it, and its updates restart what runs it. */
const programsOfPackages = ['/usr/sbin/haproxy'];

test('each role places the files that its units read, unless they exist anyway', () => {
  for (const { given } of everyState) {
    const placed = new Set([
      ...programsOfPackages,
      ...given.files.map(({ path }) => path),
      ...given.downloads.flatMap(({ place }) => (typeof place === 'string' ? [place] : Object.values(place))),
    ]);
    for (const unit of given.units) expect(unit.reads.filter((path) => !placed.has(path))).toEqual([]);
  }
});

test('each unit reads every file and binary of its state that its text names, or a file that it reads', () => {
  for (const { given } of everyState) {
    const texts = new Map(given.files.map(({ path, content }) => [path, content]));
    const binaries = given.downloads.flatMap(({ place }) =>
      typeof place === 'string' ? [place] : Object.values(place),
    );
    const named = (text: string) =>
      [...texts.keys(), ...binaries].filter((path) => text.split(/[^\w./-]+/).includes(path));
    for (const { name, content, reads } of given.units) {
      const all = [content, ...reads.map((path) => texts.get(path) ?? '')].flatMap(named);
      const excepted = (path: string) =>
        (namedButNotRead[name] ?? []).some((each) => path === each || path === `/usr/local/bin/${each}`);
      expect([name, all.filter((path) => !reads.includes(path) && !excepted(path))]).toEqual([name, []]);
      // One that is listed and not named, such as a balancer's key, is named in here.
      const beside = reads.filter((path) => !all.includes(path) && !programsOfPackages.includes(path));
      expect(beside.every((path) => path.endsWith('apiserver-etcd-client.key'))).toBe(true);
    }
  }
});

test('the exceptions are really named by their units', () => {
  for (const [name, paths] of Object.entries(namedButNotRead)) {
    const texts = everyState.flatMap(({ given }) => {
      const found = given.units.find((unit) => unit.name === name);
      return found ? [found.content, ...given.files.map(({ content }) => content)] : [];
    });
    for (const path of paths) expect([path, texts.join('\n').includes(path)]).toEqual([path, true]);
  }
});

test('a file of the state that the user names in extraArgs is also read', () => {
  const lines = ['apiServer: { extraArgs: [{ name: peer-ca-file, value: /etc/kubernetes/pki/etcd/ca.key }] }'];
  const unit = unitOf(state(seedWith(...lines), 'master-1', 'master'), 'kube-apiserver');
  expect(unit.reads).toContain('/etc/kubernetes/pki/etcd/ca.key');
});

test('every file and download has a parent directory', () => {
  const provided = ['/usr/local/bin', '/etc/systemd/system'];
  for (const { given } of everyState) {
    const directories = [...provided, ...given.directories.map(({ path }) => path)];
    for (const { path } of given.files) expect(directories).toContain(path.replace(/\/[^/]*$/, ''));
  }
});

test('the parts that two roles of a host share are equal in both', () => {
  const cluster = smallCluster();
  const [etcd, master, node] = (['etcd', 'master', 'node'] as const).map((role) => state(cluster, 'master-1', role));
  const states = [etcd, master, node].map((each) => each ?? hostState({}));
  for (const pick of ['files', 'directories', 'units'] as const) {
    const all = states.flatMap((each): readonly { path?: string; name?: string }[] => each[pick]);
    const key = (item: { path?: string; name?: string }) => item.path ?? item.name ?? '';
    const distinct = new Set(all.map((item) => JSON.stringify(item)));
    expect(distinct.size).toBe(new Set(all.map(key)).size);
  }
  expect(mergeStates(states).units.length).toBe(states.flatMap(({ units }) => units).length);
});

test('units start in an order in which each finds its dependencies', () => {
  const names = (role: Role) =>
    state(smallCluster(), 'master-1', role).units.map(({ name }) => name.replace('.service', ''));
  expect(names('master')).toEqual(['kube-etcd-haproxy', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']);
  expect(names('node')).toEqual(['containerd', 'kube-haproxy', 'kubelet', 'flanneld', 'kube-proxy']);
});

test('root finds kubectl’s configuration on a master', () => {
  const file = state(seedCluster(), 'master-1', 'master').files.find(({ path }) => path === '/root/.kube/config');
  expect(file).toMatchObject({ content: 'content of /etc/kubernetes/admin.conf', mode: '600', secret: true });
});

test('secret files belong to root or etcd alone', () => {
  for (const { given } of everyState) {
    for (const { path, secret, mode } of given.files) if (secret) expect({ path, mode }).toEqual({ path, mode: '600' });
  }
});

test('fetching first installs binaries and packages and changes nothing else', () => {
  const node = state(seedCluster(), 'node-1', 'node');
  const first = downloadsOnly('node', node);
  expect(first.downloads).toEqual(node.downloads);
  expect(first.packages).toEqual(node.packages);
  expect(first.stagedFor).toBe('node');
  const { stagedFor, ...rest } = first;
  expect({ ...rest, downloads: [], packages: [] }).toEqual(hostState({}));
});

test('the user’s flags reach every component and replace ours', () => {
  const extra = '{ extraArgs: [{ name: v, value: "4" }] }';
  const keys = ['etcd', 'apiServer', 'controllerManager', 'scheduler', 'kubelet', 'kubeProxy', 'flannel'];
  const cluster = seedWith(...keys.map((key) => `${key}: ${extra}`));
  const units = [
    ...state(cluster, 'etcd-1', 'etcd').units,
    ...state(cluster, 'master-1', 'master').units.filter(({ name }) => name !== 'kube-etcd-haproxy.service'),
    ...['kubelet', 'kube-proxy', 'flanneld'].map((name) => unitOf(state(cluster, 'node-1', 'node'), name)),
  ];
  for (const unit of units) expect(unit.content).toContain('\n  --v=4');
});

test('systemd understands every line of every unit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'units-test-'));
  try {
    const units = ['etcd-1', 'master-1', 'node-1'].flatMap(
      (name) => state(seedCluster(), name, (name.split('-')[0] ?? 'node') as Role).units,
    );
    // The programs are not installed here: the only problem that systemd may report.
    for (const { name, content } of units) {
      writeFileSync(join(folder, name), content.replaceAll(/^(Exec\w+=)\S+/gm, '$1/bin/true'));
    }
    const paths = units.map(({ name }) => join(folder, name));
    const { stderr, status } = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], { encoding: 'utf8' });
    expect({ status, complaints: stderr.split('\n').filter((line) => line.includes(folder)) }).toEqual({
      status: 0,
      complaints: [],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('each role names what its programs leave', () => {
  const trees = (role: Role, name: string) =>
    state(seedCluster(), name, role).leaves.flatMap(({ kind, subject }) => (kind === 'tree' ? [subject] : []));
  expect(trees('etcd', 'etcd-1')).toEqual(['/var/lib/etcd']);
  expect(trees('master', 'master-1')).toEqual(
    expect.arrayContaining(['/var/log/kubernetes/audit/audit.log', '/var/log/kubernetes/audit/audit-*.log']),
  );
  expect(trees('node', 'node-1')).toEqual(
    expect.arrayContaining(['/var/lib/containerd', '/var/lib/cni', '/var/lib/kubelet', '/run/flannel']),
  );
});

test('an audit log in a directory of others takes nothing else with it', () => {
  const cluster = seedWith('apiServer:', '  extraArgs: [{ name: audit-log-path, value: /var/log/k8s }]');
  const { leaves } = state(cluster, 'master-1', 'master');
  expect(leaves.filter(({ subject }) => subject.startsWith('/var/log/')).map(({ subject }) => subject)).toEqual([
    '/var/log/k8s',
    '/var/log/k8s-*',
  ]);
});
