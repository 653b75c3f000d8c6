import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { must } from '../../../lab/command.ts';
import type { WorkflowOptions, WorkflowRun } from '../../../lab/workflow/act.ts';
import { ResultsStore } from '../../../lab/workflow/results-store.ts';
import { type Age, ageCommand } from '../age.ts';
import { contentsOf, expectedContents, type Opened } from '../bundle-contents.ts';
import { formsOf, plaintextIn } from '../plaintext.ts';
import { tracesIn } from '../secrets.ts';
import { bareHosts, lab } from '../seed-lab.ts';
import { outcomeOf, rebuild as runRebuild } from '../workflow-runs.ts';

// Each role alone and beside another one; act runs examples/rebuild.yml, and with it the reusable workflow.
const cluster = `name: quint
kubernetesVersion: 1.37.2
hosts:
  - { name: one, address: 192.168.1.211, roles: [etcd, master] }
  - { name: two, address: 192.168.1.212, roles: [etcd, node] }
  - { name: three, address: 192.168.1.213, roles: [etcd] }
  - { name: four, address: 192.168.1.214, roles: [master] }
  - { name: five, address: 192.168.1.215, roles: [node] }
`;
const hosts = ['one', 'two', 'three', 'four', 'five'];

const place = mkdtempSync(join(tmpdir(), 'k8s-ha-workflow-test-'));
const folder = join(place, 'run');
let age: Age;

beforeAll(async () => {
  const file = join(place, 'cluster.yaml');
  writeFileSync(file, cluster);
  await bareHosts(file);
  age = await ageCommand();
}, 600_000);

afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Runs the workflow, and stores the text that a user could read next to its own files. */
async function rebuild(runId: string, options: Partial<WorkflowOptions> = {}): Promise<WorkflowRun> {
  const outcome = await runRebuild(age.identity, { folder, runId, ...options });
  mkdirSync(join(folder, 'read'), { recursive: true });
  writeFileSync(join(folder, 'read', `${runId}.log`), outcome.log);
  writeFileSync(join(folder, 'read', `${runId}.json`), JSON.stringify(outcome.jobs));
  return outcome;
}

const whole = {
  ...{ plan: 'success', pki: 'success', addons: 'success', gate: 'success', 'verify-failover': 'skipped' },
  ...{ 'etcd one': 'success', 'etcd two': 'success', 'etcd three': 'success' },
  ...{ 'master one': 'success', 'master four': 'success', 'node two': 'success', 'node five': 'success' },
};
let first: WorkflowRun;

test('a dry run runs only the plan', async () => {
  const outcome = await rebuild('dry', { inputs: { cluster: 'cluster.yaml', fault: 'none', 'dry-run': 'true' } });
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

test('one job at a time, from the end of each matrix: a complete cluster, no deadlock', async () => {
  // Without masks, so that a secret in a step's output is found below.
  first = await rebuild('first', { concurrentJobs: 1, maxParallel: 1, reversed: true, unmasked: true });
  expect(outcomeOf(first)).toEqual([whole, true]);
  const etcd = first.jobs.filter(({ id }) => id === 'etcd').map(({ matrix: { hosts } }) => hosts);
  expect(etcd).toEqual(['three', 'two', 'one']);
  const gate = first.jobs.find(({ id }) => id === 'gate');
  expect(gate?.summary).toContain('everything succeeded');
  expect(JSON.parse(gate?.outputs['gate.changed-hosts'] ?? '').toSorted()).toEqual(hosts.toSorted());
}, 600_000);

test('no job asks for checksums, not even the API of GitHub: the lock file has them', () => {
  const requests = readFileSync(join(lab.stateDir, 'mirror-access.log'), 'utf8').split('\n');
  expect(requests.filter((line) => line.includes('/bin/linux/amd64/kubelet'))).not.toEqual([]);
  expect(requests.filter((line) => /api\.github\.com|\.sha256|SHA256SUMS/.test(line))).toEqual([]);
});

/** The bundles of the first run, which its gate has deleted, opened by the age command. */
function bundles(): ReadonlyMap<string, Opened> {
  const artifacts = new ResultsStore(join(folder, 'artifacts')).deletedOf('first');
  return new Map(
    artifacts
      .filter(({ name }) => name.endsWith('.age'))
      .map(({ id, name }) => [name, JSON.parse(age.open(join(folder, 'artifacts-deleted', String(id), 'blob')))]),
  );
}

test('the age command decrypts the bundle of each host, which contains exactly the files that the host needs for its roles', () => {
  const { etcd, master, node } = expectedContents;
  const opened = bundles();
  const kept = new ResultsStore(join(folder, 'artifacts')).ofRun('first').map(({ name }) => name);
  expect(kept.filter((name) => opened.has(name))).toEqual([]);
  expect(Object.fromEntries([...opened].map(([name, bundle]) => [name, contentsOf(bundle)]))).toEqual({
    'k8s-ha-quint_one.age': { ...etcd('one'), ...master() },
    'k8s-ha-quint_two.age': { ...etcd('two'), ...node('two') },
    'k8s-ha-quint_three.age': etcd('three'),
    'k8s-ha-quint_four.age': master(),
    'k8s-ha-quint_five.age': node('five'),
  });
  const keys = ['format', 'sealedAt', 'cluster', 'host', 'authorities', 'files', 'versions'];
  // The hosts of etcd learn that it was never started on any of them.
  for (const [name, bundle] of opened)
    expect(Object.keys(bundle)).toEqual(/one|two|three/.test(name) ? [...keys, 'startsEtcd'] : keys);
});

test('all jobs at once on the running cluster: nothing changes', async () => {
  const outcome = await rebuild('second');
  expect(outcomeOf(outcome)).toEqual([whole, true]);
  expect(outcome.jobs.find(({ id }) => id === 'gate')?.outputs['gate.changed-hosts']).toBe('[]');
}, 600_000);

test('no private key, age key or token is in plain text in any workspace, temp folder, artifact, log or summary', async () => {
  const sshKey = readFileSync(lab.sshKey, 'utf8');
  const secrets = [...bundles().values()].flatMap(({ files }) => files.filter(({ secret }) => secret));
  const texts = [sshKey, age.identity, ...secrets.map(({ content }) => content), ...first.masks];
  const lines = texts.flatMap((text) => text.split('\n').map((line) => line.trim()));
  const values = [...lines.filter(isSecret), ...secrets.flatMap(({ content }) => tracesIn(content))];
  expect(values.length).toBeGreaterThan(1000);
  // git stores files compressed.
  const history = await must(['git', '-C', join(folder, 'repository'), 'log', '--patch', '--all']);
  writeFileSync(join(folder, 'read/repository.patch'), history);
  const code = { copy: join(folder, 'action/dist'), original: join(lab.root, 'dist') };

  const caKey = secrets.find(({ path }) => path.endsWith('/ca.key'))?.content ?? '';
  const forms = formsOf(caKey, { identity: age.identity, token: 'abcdef.0123456789abcdef' });
  const planted = Object.keys(forms).map((name) => `temp/${name}`);
  for (const [name, text] of Object.entries(forms)) writeFileSync(join(folder, 'temp', name), text);
  expect(await plaintextIn(folder, values, code)).toEqual(planted.toSorted());
  for (const path of planted) rmSync(join(folder, path));
  expect(await plaintextIn(folder, values, code)).toEqual([]);
}, 120_000);

/** The secret parts of a text: without banners, and without the words around a key in YAML. */
function isSecret(line: string): boolean {
  return line.length >= 16 && !line.startsWith('-----') && !/^\S+:( |$)|^- /.test(line);
}
