import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type CommandResult, run } from '../../../lab/command.ts';
import { lab, standingCluster } from '../seed-lab.ts';

// `npm run lab -- action`, called like by a user or a script.
const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-lab-action-'));

beforeAll(async () => {
  await standingCluster();
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function cli(...args: readonly string[]): Promise<CommandResult> {
  const env = { ...process.env, K8S_HA_LAB_ID: lab.id };
  return run([process.execPath, join(lab.root, 'lab/cli.ts'), 'action', ...args], { env, cwd: folder });
}

test('runs an action with the lab’s own inputs, and shows log, outputs, summary and status', async () => {
  const { status, stdout, stderr } = await cli('plan');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [log = '', outputs = '', summary = ''] = stdout.split(/\n(?=outputs:\n|summary:\n)/);
  expect(log).toMatch(/^Gather facts: /m);
  expect(outputs).toMatch(/^ {2}changed=0$/m);
  expect(summary).toContain('## Plan of seed: ');
  expect(stdout).toMatch(/\nexit status 0 after [\d.]+ s\n$/);
  expect(stdout).not.toContain('PRIVATE KEY');
}, 120_000);

test('accepts another cluster file, without the lab’s settings, and inputs', async () => {
  const file = join(folder, 'cluster.yaml');
  const seed = join(lab.root, 'examples/seed/cluster.yaml');
  const { status, stdout } = await cli('deploy', '--cluster', seed, 'dry-run=true');
  expect({ status, changed: /^ {2}changed=(\d+)$/m.exec(stdout)?.[1] }).toEqual({ status: 0, changed: '0' });
  // Errors in the file name the user's file and its lines.
  writeFileSync(file, 'name: seed\nhosts: []\n');
  const refused = await cli('deploy', '--cluster', file);
  expect(refused.status).toBe(1);
  expect(refused.stdout).toContain(file);
  expect(refused.stdout).toMatch(/\nexit status 1 after /);
}, 120_000);

test('runs the post step as well, unless --keep is given', async () => {
  const path = (stdout: string) => /^ {2}kubeconfig=(.*)$/m.exec(stdout)?.[1] ?? '';
  const gone = await cli('kubeconfig', 'hours=0.5');
  expect([gone.status, path(gone.stdout) !== '', existsSync(path(gone.stdout))]).toEqual([0, true, false]);
  const kept = await cli('kubeconfig', '--keep', 'hours=0.5');
  expect([kept.status, existsSync(path(kept.stdout))]).toEqual([0, true]);
}, 120_000);

test('keeps artifacts between steps', async () => {
  const { runJobStep } = await import('../../../lab/runner/job-step.ts');
  const { generateX25519Identity } = await import('age-encryption');
  const inputs = { 'age-key': await generateX25519Identity(), bundles: 'artifacts' };
  expect((await runJobStep(lab, 'pki', { inputs })).status).toBe(0);
  const etcd = await runJobStep(lab, 'etcd', { inputs: { ...inputs, hosts: 'etcd-1' } });
  expect([etcd.status, etcd.outputs.changed]).toEqual([0, '0']);
  // The last job of a run releases the cluster: otherwise the next test's run would wait for 5 minutes.
  expect((await runJobStep(lab, 'addons')).status).toBe(0);
}, 120_000);

test.each([
  [['nothing'], 'there is no action nothing'],
  [['../plan'], 'there is no action ../plan'],
  [[], 'the name of an action is needed'],
  [['plan', 'dry-run'], '"dry-run" is not an input of the form key=value'],
  [['plan', 'no-such=1'], 'the action plan has no input no-such'],
  [['plan', '--cluster', 'none.yaml'], 'there is no file none.yaml'],
])('refuses %j before it asks a host', async (args, message) => {
  const { status, stdout, stderr } = await cli(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(`error: ${message}`);
  expect(stderr).toMatch(/\nhint: /);
});
