import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { downloadsFor } from '../../src/components/needs.ts';
import { problemsOf } from '../../src/errors.ts';
import { type BundleGroup, type BundleStore, openBundles, sealBundles } from '../../src/phases/bundles.ts';
import { newMasters } from '../../src/phases/new-masters.ts';
import type { StagePhase } from '../../src/phases/phase.ts';
import type { Run } from '../../src/phases/run.ts';
import { runPhases } from '../../src/phases/run-phases.ts';
import type { Prepared } from '../../src/phases/stages.ts';
import { authoritiesOf, issue, newIdentity, secretValues } from '../../src/pki/index.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { errorOf, hostOf, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const seed = seedCluster();
const { identity } = await newIdentity();
const now = new Date();
const { secrets } = await issue(seed, await authoritiesOf({ kind: 'none', kept: {} }, now), new Map(), now);

interface Memory extends BundleStore {
  readonly kept: Map<string, Uint8Array>;
  /** As they were written. */
  readonly groups: BundleGroup[];
}

function memory(): Memory {
  const kept = new Map<string, Uint8Array>();
  const groups: BundleGroup[] = [];
  return {
    kept,
    groups,
    write: async (cluster, group, sealed) => {
      groups.push(group);
      for (const [host, bundle] of sealed) kept.set(`${cluster}/${host}`, bundle);
    },
    read: async (cluster, _group, host) => kept.get(`${cluster}/${host}`),
  };
}

async function sealed() {
  const store = memory();
  const { run } = sceneOf(seed);
  for (const [host, own] of secrets) run.secrets.set(host, own);
  await sealBundles(store, identity).run(run, notCancelled);
  return store;
}

test('A job encrypts bundles, and the next job decrypts those of its own hosts only', async () => {
  const store = await sealed();
  const masked = new Set<string>();
  const mask = (values: Iterable<string>) => {
    for (const value of values) masked.add(value);
  };
  const { run } = sceneOf(seed, { targets: new Map([['node', ['node-1']]]), mask });
  const opened = await openBundles(store, identity).run(run, notCancelled);
  expect([...opened.secrets.keys()]).toEqual(['node-1']);
  const own = secrets.get('node-1');
  expect(opened.secrets.get('node-1')).toEqual(own);
  expect(own && secretValues(own).filter((value) => !masked.has(value))).toEqual([]);
});

test('The versions of a bundle apply where cluster.yaml names none, and a bundle of other versions is refused', async () => {
  const { run } = sceneOf({ ...seed, pinned: new Set() });
  const store = memory();
  const runs = { ...seed, kubernetesVersion: '1.36.3', versions: { ...seed.versions, containerd: '2.3.0' } };
  await sealBundles(store, identity).run({ ...run, secrets, cluster: runs }, notCancelled);
  const { cluster } = await openBundles(store, identity).run(run, notCancelled);
  expect(cluster).toMatchObject({ kubernetesVersion: '1.36.3', minor: 36, versions: { containerd: '2.3.0' } });
  expect(cluster.hosts).toBe(seed.hosts);

  const pinned = sceneOf({ ...seed, pinned: new Set(['kubernetes']) }, { targets: new Map([['node', ['node-1']]]) });
  const error = await errorOf(() => openBundles(store, identity).run(pinned.run, notCancelled));
  expect(problemsOf(error)).toMatchObject([
    {
      code: 'BUNDLE_STALE',
      message: `the bundle of node-1 was made for kubernetesVersion 1.36.3, not ${seed.kubernetesVersion}`,
    },
  ]);
});

test('A master’s job learns which masters have no API server yet, and the bundles of a new cluster say nothing of it', async () => {
  const newOnes = async (...names: readonly string[]) => {
    const { run } = sceneOf({ ...seed, lock: { file: '', binaries: new Map(), images: new Map() } });
    for (const host of seed.hosts)
      run.inspections.set(host.name, inspectionOf(host, {}, { scopes: names.includes(host.name) ? [] : host.roles }));
    const store = memory();
    await sealBundles(store, identity).run({ ...run, secrets }, notCancelled);
    const { run: job } = sceneOf(seed, { targets: new Map([['master', ['master-1']]]) });
    const { secrets: opened } = await openBundles(store, identity).run(job, notCancelled);
    return newMasters({ ...job, secrets: opened }, hostOf(seed, 'master-1'));
  };
  expect(await newOnes()).toEqual([]);
  expect(await newOnes('master-2', 'node-1')).toEqual(['master-2']);
  expect(await newOnes('master-1', 'master-2', 'master-3')).toEqual([]);
});

test('The store gets only ciphertext', async () => {
  const { kept } = await sealed();
  // They are encrypted in parallel, so they arrive in any order.
  expect([...kept.keys()].toSorted()).toEqual(seed.hosts.map(({ name }) => `seed/${name}`).toSorted());
  for (const bytes of kept.values()) {
    expect(Buffer.from(bytes).toString('latin1')).toMatch(/^age-encryption\.org\/v1\n/);
    expect(Buffer.from(bytes).includes('PRIVATE KEY')).toBe(false);
  }
});

test('The bundles of more hosts than a matrix has jobs are stored in groups, and a host’s job asks for its own group', async () => {
  const [node] = seed.hosts.filter(({ name }) => name === 'node-1');
  const own = secrets.get('node-1');
  if (!node || !own) throw new Error('the seed has a node');
  const hosts = Array.from({ length: 1000 }, (_, index) => ({ ...node, name: `node-${index + 1}` }));
  const { run } = sceneOf({ ...seed, hosts });
  // A few are enough: a host without secrets has no bundle.
  for (const name of ['node-1', 'node-3', 'node-999']) run.secrets.set(name, { ...own, host: name });
  const store = memory();
  await sealBundles(store, identity).run(run, notCancelled);
  expect(store.groups.map((group) => group.join())).toEqual(
    expect.arrayContaining(['node-1,node-2,node-3,node-4', 'node-997,node-998,node-999,node-1000']),
  );
  expect([...store.kept.keys()].toSorted()).toEqual(['seed/node-1', 'seed/node-3', 'seed/node-999']);
  const asked: BundleGroup[] = [];
  const watched: BundleStore = {
    ...store,
    read: async (cluster, group, host) => {
      asked.push(group);
      return await store.read(cluster, group, host);
    },
  };
  const job = sceneOf({ ...seed, hosts }, { targets: new Map([['node', ['node-999']]]) });
  expect([...(await openBundles(watched, identity).run(job.run, notCancelled)).secrets.keys()]).toEqual(['node-999']);
  expect(asked).toEqual([['node-997', 'node-998', 'node-999', 'node-1000']]);
});

test('Without a lock, one job asks for the checksums of three hundred bare nodes, once each, and their jobs ask nothing', async () => {
  const asked: string[] = [];
  const sum = 'c'.repeat(64);
  const archives = ['cni-plugins-linux-amd64-v1.9.1.tgz', `containerd-${seed.versions.containerd}-linux-amd64.tar.gz`];
  const sums = ['runc.amd64', 'kubelet', 'kube-proxy', ...archives].map((name) => `${sum}  ${name}\n`).join('');
  const release = `{"assets":[{"name":"flanneld-amd64","digest":"sha256:${sum}"}]}`;
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.end(url.startsWith('/api.github.com/') ? release : sums);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const node = hostOf(seed, 'node-1');
  const hosts = Array.from({ length: 300 }, (_, index) => ({ ...node, name: `node-${index + 1}` }));
  const cluster = { ...seed, mirror, hosts };
  const { run } = sceneOf(cluster);
  for (const { name } of hosts) {
    run.secrets.set(name, { cluster: seed.name, host: name, authorities: {}, files: [] });
    run.inspections.set(name, inspectionOf(node));
  }
  // One has everything, and needs no checksum.
  const placed = downloadsFor(cluster, 'node', 'amd64').flatMap(({ url, place }) =>
    (typeof place === 'string' ? [place] : Object.values(place)).map((path) => [path, url] as const),
  );
  run.inspections.set('node-1', inspectionOf(node, {}, { downloads: new Map(placed) }));
  const store = memory();
  try {
    await sealBundles(store, identity).run(run, notCancelled);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted());
  expect(asked.filter((url) => url.startsWith('/api.github.com/'))).toHaveLength(1);

  const sumsFor = async (name: string) => {
    const job = sceneOf(cluster, { targets: new Map([['node', [name]]]) });
    const { cluster: opened } = await openBundles(store, identity).run(job.run, notCancelled);
    return downloadsFor(opened, 'node', 'amd64').map(({ sha256 }) => sha256);
  };
  expect(await sumsFor('node-1')).toEqual(asked.map(() => undefined));
  for (const name of ['node-2', 'node-300']) expect(await sumsFor(name)).toEqual(asked.map(() => sum));
});

test('A checksum that is not available is left to the jobs, and the bundles are made', async () => {
  const server = createServer((_, response) => void response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cluster = { ...seed, mirror: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const { run } = sceneOf(cluster);
  const node = hostOf(seed, 'node-1');
  run.inspections.set('node-1', inspectionOf(node));
  const store = memory();
  await sealBundles(store, identity).run({ ...run, secrets }, notCancelled);
  server.close();
  const job = sceneOf(cluster, { targets: new Map([['node', ['node-1']]]) });
  const { cluster: opened } = await openBundles(store, identity).run(job.run, notCancelled);
  expect(downloadsFor(opened, 'node', 'amd64').filter(({ sha256 }) => sha256)).toEqual([]);
});

test('Every host without a bundle is named, with the action to run first', async () => {
  const { run } = sceneOf(seed, { targets: new Map([['etcd', ['etcd-1', 'etcd-2']]]) });
  const problems = problemsOf(await errorOf(() => openBundles(memory(), identity).run(run, notCancelled)));
  expect(problems).toEqual([
    expect.objectContaining({ fields: expect.objectContaining({ code: 'BUNDLE_MISSING', host: 'etcd-1' }) }),
    expect.objectContaining({ fields: expect.objectContaining({ code: 'BUNDLE_MISSING', host: 'etcd-2' }) }),
  ]);
});

test('Swapped bundles are refused', async () => {
  const store = await sealed();
  store.kept.set('seed/node-1', store.kept.get('seed/master-1') ?? Buffer.alloc(0));
  const { run } = sceneOf(seed, { targets: new Map([['node', ['node-1']]]) });
  const [problem] = problemsOf(await errorOf(() => openBundles(store, identity).run(run, notCancelled)));
  expect(problem).toMatchObject({ fields: { code: 'BUNDLE_OTHER_HOST', host: 'node-1' } });
});

test('A dry run encrypts nothing', async () => {
  const store = memory();
  const { run } = sceneOf(seed, { dryRun: true });
  const staged = { secrets, sessions: new Map(), inspections: new Map() };
  const open: StagePhase<Run, Omit<Prepared, keyof Run>> = { title: 'Open', run: async () => staged };
  await runPhases(run, [open, sealBundles(store, identity)]);
  expect(store.kept.size).toBe(0);
});
