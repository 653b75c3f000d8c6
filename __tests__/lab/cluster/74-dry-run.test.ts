import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WorkflowRun } from '../../../lab/workflow/act.ts';
import { differenceOf, listingOf } from '../listing.ts';
import { onHost } from '../seed-lab.ts';
import { newIdentity, standingTrio, trio, trioText } from '../trio.ts';
import { outcomeOf, rebuild } from '../workflow-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-dry-run-test-'));
const scheduler = '/etc/systemd/system/kube-scheduler.service';
/** Manual changes, as `host kind subject`. */
const drift = [
  'one file /etc/kubernetes/admin.conf',
  'three start kube-controller-manager.service',
  'two unit kube-scheduler.service',
];
let identity: string;
let original: string;
let begun: readonly string[];

beforeAll(async () => {
  await standingTrio();
  identity = await newIdentity();
  original = await onHost('two', `sha256sum ${scheduler}`);
  begun = await invocations();
  await onHost('one', 'chmod 644 /etc/kubernetes/admin.conf');
  await onHost('two', `echo '# by hand' >>${scheduler}`);
  await onHost('three', 'systemctl stop kube-controller-manager');
}, 900_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(runId: string, dryRun: boolean): Promise<WorkflowRun> {
  const inputs = { cluster: 'cluster.yaml', fault: 'none', 'dry-run': String(dryRun) };
  return await rebuild(identity, { runId, folder, inputs, files: { 'cluster.yaml': trioText() } });
}

/** The changes in the jobs' summaries. */
function changesIn({ jobs }: WorkflowRun, ids: readonly string[]): readonly string[] {
  const summaries = jobs.filter(({ id }) => ids.includes(id)).map(({ summary }) => summary);
  const rows = summaries.join('\n').matchAll(/^\| ([a-z]\S*) \| ([a-z]+ \S+) \| .* \|$/gm);
  return [...rows].map(([, host, what]) => `${host} ${what}`).toSorted();
}

/** All files and processes on the hosts, except etcd's own data. */
async function listings(): Promise<readonly string[]> {
  const all = await Promise.all(
    trio.map(async (host) => (await listingOf(host)).map((line) => `${host.name}: ${line}`)),
  );
  return all.flat().filter((line) => !line.includes(': /var/lib/etcd'));
}

/** The id of each start of a unit. */
async function invocations(): Promise<readonly string[]> {
  const units = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
  const shown = await Promise.all(
    trio.flatMap(({ name }) =>
      units.map(
        async (unit) => `${name} ${unit} ${(await onHost(name, `systemctl show -P InvocationID ${unit}`)).trim()}`,
      ),
    ),
  );
  return shown;
}

test('a dry run by the workflow finds the three manual changes, and changes nothing', async () => {
  const [before, ran] = [await listings(), await invocations()];
  const dry = await run('dry', true);
  const skipped = { pki: 'skipped', etcd: 'skipped', master: 'skipped', node: 'skipped', addons: 'skipped' };
  expect(outcomeOf(dry)).toEqual([
    { plan: 'success', gate: 'success', 'verify-failover': 'skipped', ...skipped },
    true,
  ]);
  expect(changesIn(dry, ['plan'])).toEqual(drift);
  expect(dry.jobs.find(({ id }) => id === 'plan')?.outputs['plan.changed']).toBe('3');
  expect(differenceOf(before, await listings())).toEqual([]);
  expect(await invocations()).toEqual(ran);
}, 300_000);

test('a run fixes exactly these three: its gate names the hosts, its jobs their changes', async () => {
  const fixed = await run('fixed', false);
  expect(fixed.success || outcomeOf(fixed)).toBe(true);
  const gate = fixed.jobs.find(({ id }) => id === 'gate');
  expect(JSON.parse(gate?.outputs['gate.changed-hosts'] ?? '').toSorted()).toEqual(['one', 'three', 'two']);
  expect(changesIn(fixed, ['pki', 'etcd', 'master', 'addons'])).toEqual(drift);
  for (const { name } of trio) {
    expect(gate?.summary).toMatch(new RegExp(`^\\| master \\| ${name} \\| ok \\| 1 \\| 0 \\| `, 'm'));
    expect(gate?.summary).toMatch(new RegExp(`^\\| etcd \\| ${name} \\| ok \\| 0 \\| 0 \\| `, 'm'));
  }
  expect(await onHost('one', 'stat -c %a /etc/kubernetes/admin.conf')).toBe('600\n');
  expect(await onHost('two', `sha256sum ${scheduler}`)).toBe(original);
  const restarted = differenceOf(begun, await invocations()).map((line) => line.split(' ').slice(1, 3).join(' '));
  expect(new Set(restarted)).toEqual(new Set(['three kube-controller-manager']));

  const again = await run('again', true);
  expect(again.jobs.find(({ id }) => id === 'plan')?.outputs['plan.changed']).toBe('0');
}, 600_000);
