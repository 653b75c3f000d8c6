import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { needsOf } from '../../src/components/needs.ts';
import { problemsOf } from '../../src/errors.ts';
import { makeLock } from '../../src/lockfile/make.ts';
import { parseLock } from '../../src/lockfile/read.ts';
import { checkLockfile } from '../../src/phases/check-lockfile.ts';
import { writeLockfile } from '../../src/phases/write-lockfile.ts';
import { seedWith } from '../components/support.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { errorOf, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const publishers = { sum: async () => 'a'.repeat(64), digest: async () => `sha256:${'b'.repeat(64)}` };
const lockOf = (cluster: Cluster) => makeLock('cluster.lock.yaml', undefined, needsOf(cluster), publishers);

/** Runs the check on hosts with amd64. */
async function checked(cluster: Cluster, warns: 'warns' | 'quiet' = 'warns', targets?: ReadonlyMap<'node', string[]>) {
  const { run, log } = sceneOf(cluster, targets && { targets });
  for (const host of cluster.hosts) run.inspections.set(host.name, inspectionOf(host));
  await checkLockfile('cluster.yaml', warns).run(run, notCancelled);
  return log.lines;
}

test('A cluster without a lock has one line of warning in its first job, and none in the others', async () => {
  expect(await checked(seedCluster())).toEqual([expect.stringMatching(/^warning: .*plan action with lock: true/)]);
  expect(await checked(seedCluster(), 'quiet')).toEqual([]);
});

test('A mirror by http needs a lock: without one it is refused, with its line', async () => {
  const plain = seedWith('mirror: http://mirror.lab');
  for (const warns of ['warns', 'quiet'] as const)
    expect(await errorOf(() => checked(plain, warns))).toMatchObject({
      code: 'CLUSTER_URL',
      fields: { file: 'cluster.yaml', line: 2, column: 9, hint: expect.stringContaining('lock: true') },
    });
  await checked({ ...plain, lock: await lockOf(plain) });
  await checked(seedWith('mirror: https://mirror.lab'));
});

test('A lock that lacks what a host needs is refused before anything is changed, with the names and the fix', async () => {
  const lock = await lockOf(seedCluster());
  expect(await checked({ ...seedCluster(), lock })).toEqual([expect.stringContaining('cluster.lock.yaml')]);
  const newer = { ...seedWith('versions: { etcd: 3.7.4, coredns: 1.99.0 }'), lock };
  const problems = problemsOf(await errorOf(() => checked(newer)));
  expect(problems).toHaveLength(2);
  expect(problems[0]).toMatchObject({
    code: 'LOCKFILE_LACKING',
    message: expect.stringContaining('/v3.7.4/etcd-v3.7.4-linux-amd64.tar.gz'),
    fields: { file: 'cluster.lock.yaml', hint: expect.stringContaining('lock: true') },
  });
});

test('A job needs entries for the architectures of its own hosts only', async () => {
  const lock = await lockOf(seedCluster());
  const amd64 = { ...lock, binaries: new Map([...lock.binaries].filter(([url]) => !url.includes('arm64'))) };
  await checked({ ...seedCluster(), lock: amd64 });
  const nodes = new Map([...lock.binaries].filter(([url]) => !url.includes('kube-apiserver')));
  await checked({ ...seedCluster(), lock: { ...lock, binaries: nodes } }, 'quiet', new Map([['node', ['node-1']]]));
});

test('A job that changes no node needs no entry for the pause image, whose running version it does not know', async () => {
  const lock = await lockOf(seedCluster());
  const images = new Map([...lock.images].filter(([name]) => !name.includes('/pause:')));
  const cluster = { ...seedCluster(), lock: { ...lock, images } };
  await checked(cluster, 'quiet', new Map());
  expect(problemsOf(await errorOf(() => checked(cluster)))).toMatchObject([
    { code: 'LOCKFILE_LACKING', message: expect.stringContaining('/pause:') },
  ]);
});

const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-lockfile-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('A plan writes the sums that the mirror states, once; a later one asks for nothing and changes nothing', async () => {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    if (url.startsWith('/v2/')) response.end('{"schemaVersion":2}');
    else if (url.startsWith('/api.github.com/'))
      response.end(
        JSON.stringify({
          assets: ['amd64', 'arm64'].map((a) => ({ name: `flanneld-${a}`, digest: `sha256:${'c'.repeat(64)}` })),
        }),
      );
    else if (url.endsWith('SHA256SUMS') || url.endsWith('runc.sha256sum'))
      response.end(
        ['amd64', 'arm64']
          .map((a) => `${'d'.repeat(64)}  ${url.includes('etcd') ? `etcd-v3.7.3-linux-${a}.tar.gz` : `runc.${a}`}\n`)
          .join(''),
      );
    else response.end('e'.repeat(64));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const registries = `containerd: { registries: { registry.k8s.io: { mirrors: ["${origin}"] } } }`;
  const mirrored = seedWith(`mirror: ${origin}`, registries);
  const file = join(folder, 'cluster.lock.yaml');
  // runc's sums must have a signature of its maintainers; what the file has is not asked for.
  const whole = await lockOf(mirrored);
  const runc = new Map([...whole.binaries].filter(([url]) => url.includes('/runc/')));
  const cluster = { ...mirrored, lock: { file, binaries: runc, images: new Map<string, string>() } };
  const changes: boolean[] = [];
  const write = async (from: Cluster) => {
    const { run } = sceneOf(from, { dryRun: true });
    for (const host of from.hosts) run.inspections.set(host.name, inspectionOf(host));
    const stage = { ...run, nodes: undefined, forgotten: [], upgrades: false };
    return await writeLockfile(file, '', (changed) => changes.push(changed)).run(stage, notCancelled);
  };
  try {
    const { cluster: first } = await write(cluster);
    expect(parseLock(readFileSync(file, 'utf8'), file)).toEqual(first.lock);
    expect([...(first.lock?.binaries ?? [])].filter(([url]) => url.includes('flannel'))).toHaveLength(2);
    const requests = asked.length;
    expect(asked.filter((url) => url.includes('/runc/'))).toEqual([]);
    await write(first);
    expect(asked).toHaveLength(requests);
    expect(changes).toEqual([true, false]);
    const written = readFileSync(file, 'utf8');
    expect(await errorOf(() => write(mirrored))).toMatchObject({
      code: 'SUM_UNSIGNED',
      message: expect.stringContaining(`${origin}/github.com/opencontainers/runc/`),
      fields: { hint: expect.stringContaining('by hand') },
    });
    expect(readFileSync(file, 'utf8')).toBe(written);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
