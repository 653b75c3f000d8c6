import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cacheFolder } from '../../../lab/binaries/cache.ts';
import { provideTool } from '../../../lab/binaries/tools.ts';
import { must, run } from '../../../lab/command.ts';
import type { WorkflowOptions } from '../../../lab/workflow/act.ts';
import { bareHosts, lab } from '../seed-lab.ts';
import { outcomeOf, results, rebuild as runRebuild } from '../workflow-runs.ts';

// Three hosts have every role and every kind of job; act runs examples/rebuild.yml, and with it the reusable workflow.
const cluster = [
  'name: trio',
  'kubernetesVersion: 1.37.2',
  'hosts:',
  '  - { name: one, address: 192.168.1.211, roles: [etcd, master] }',
  '  - { name: two, address: 192.168.1.212, roles: [etcd, node] }',
  '  - { name: three, address: 192.168.1.213, roles: [etcd] }',
  '',
].join('\n');

const place = mkdtempSync(join(tmpdir(), 'k8s-ha-workflow-test-'));
const folder = join(place, 'run');
let age: string;
let identity: string;

beforeAll(async () => {
  const file = join(place, 'cluster.yaml');
  writeFileSync(file, cluster);
  await bareHosts(file);
  const tool = { cache: cacheFolder(), log: console.log };
  age = await provideTool('age', tool);
  const keys = await must([await provideTool('age-keygen', tool)]);
  identity = /^AGE-SECRET-KEY-\S+$/m.exec(keys)?.[0] ?? '';
}, 600_000);

afterAll(() => rmSync(place, { recursive: true, force: true }));

const rebuild = (options: Partial<WorkflowOptions> = {}) => runRebuild(identity, { folder, ...options });

const whole = {
  ...{ plan: 'success', pki: 'success', addons: 'success', gate: 'success', 'verify-failover': 'skipped' },
  ...{
    'etcd one': 'success',
    'etcd two': 'success',
    'etcd three': 'success',
    'master one': 'success',
    'node two': 'success',
  },
};

test('a dry run is the plan and nothing else', async () => {
  const outcome = await rebuild({
    inputs: { cluster: 'cluster.yaml', fault: 'none', 'dry-run': 'true' },
    runId: 'dry',
  });
  expect(outcomeOf(outcome)).toEqual([
    {
      ...{ plan: 'success', gate: 'success', pki: 'skipped', etcd: 'skipped', master: 'skipped', node: 'skipped' },
      ...{ addons: 'skipped', 'verify-failover': 'skipped' },
    },
    true,
  ]);
  const { status } = await lab.exec('one', ['test', '-e', '/etc/etcd']);
  expect(status).toBe(1);
}, 300_000);

test('one job at a time, from the end of each matrix: a whole cluster, no deadlock', async () => {
  const outcome = await rebuild({ concurrentJobs: 1, maxParallel: 1, reversed: true, runId: 'first' });
  expect(outcomeOf(outcome)).toEqual([whole, true]);
  const etcd = outcome.jobs.filter(({ id }) => id === 'etcd').map(({ matrix }) => matrix['hosts']);
  expect(etcd).toEqual(['three', 'two', 'one']);
  const gate = outcome.jobs.find(({ id }) => id === 'gate');
  expect(gate?.summary).toContain('everything succeeded');
  expect(JSON.parse(gate?.outputs['gate.changed-hosts'] ?? '')).toEqual(['three', 'two', 'one']);
}, 600_000);

test('the age command opens the bundle of each host, and a host without the role of master got no authority key', async () => {
  const bundles = new Map<string, string>();
  const key = join(place, 'key');
  writeFileSync(key, `${identity}\n`, { mode: 0o600 });
  for (const id of readdirSync(join(folder, 'artifacts'))) {
    const { name, run: runId } = JSON.parse(readFileSync(join(folder, 'artifacts', id, 'artifact.json'), 'utf8'));
    if (runId !== 'first' || !name.endsWith('.age')) continue;
    bundles.set(name, await must([age, '--decrypt', '-i', key, join(folder, 'artifacts', id, 'blob')]));
  }
  rmSync(key);
  expect([...bundles.keys()].sort()).toEqual(['one', 'three', 'two'].map((host) => `k8s-ha-trio-${host}.age`));
  const authorityKeys = (host: string) =>
    JSON.parse(bundles.get(`k8s-ha-trio-${host}.age`) ?? '')
      .files.map((file: { path: string }) => file.path)
      .filter((path: string) => /\/(ca|sa|front-proxy-ca)\.key$/.test(path)).length;
  expect([authorityKeys('one') > 0, authorityKeys('two'), authorityKeys('three')]).toEqual([true, 0, 0]);
});

test('no private key is in any workspace, temp folder, artifact, log or summary of the runs', async () => {
  const sshLine = readFileSync(lab.sshKey, 'utf8').split('\n')[3] ?? '';
  const caKey = (await lab.exec('one', ['cat', '/etc/kubernetes/pki/ca.key'])).stdout.split('\n')[3] ?? '';
  expect([sshLine.length > 20, caKey.length > 20]).toEqual([true, true]);
  for (const secret of [sshLine, caKey, identity]) {
    const { status, stdout } = await run([
      'grep',
      '--recursive',
      '--files-with-matches',
      '--fixed-strings',
      secret,
      folder,
    ]);
    expect([status, stdout]).toEqual([1, '']);
  }
});

test('all jobs at once on the standing cluster: nothing changes, and the log shows no secret', async () => {
  const outcome = await rebuild({ runId: 'second' });
  expect(outcomeOf(outcome)).toEqual([whole, true]);
  expect(outcome.jobs.find(({ id }) => id === 'gate')?.outputs['gate.changed-hosts']).toBe('[]');
  expect(outcome.log).not.toContain(identity);
  expect(outcome.log).not.toContain(readFileSync(lab.sshKey, 'utf8').split('\n')[3]);
}, 600_000);

test('a host that dies mid-way fails alone, the gate names it, and re-running the failed jobs alone completes the run', async () => {
  let died: Promise<unknown> | undefined;
  const broken = await rebuild({
    runId: 'third',
    onLine: ({ job, text }) => {
      if (job === 'pki' && text === 'job: success') died ??= lab.powerOff('three', { hard: true });
    },
  });
  await died;
  expect(results(broken)).toMatchObject({
    'etcd one': 'success',
    'etcd two': 'success',
    'etcd three': 'failure',
    gate: 'failure',
  });
  const gate = broken.jobs.find(({ id }) => id === 'gate');
  expect(JSON.parse(gate?.outputs['gate.failed-hosts'] ?? '')).toContain('three');
  expect(gate?.annotations.map(({ message }) => message).join('\n')).toMatch(/three.*etcd job failed/s);

  await lab.powerOn('three');
  const again = await rebuild({ runId: 'third', rerunOf: broken });
  expect(outcomeOf(again)).toMatchObject([{ 'etcd three': 'success', gate: 'success' }, true]);
  expect(Object.keys(results(again))).not.toContain('etcd one');
}, 900_000);
