import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateX25519Identity } from 'age-encryption';
import { parse, stringify } from 'yaml';
import { runAction } from '../../../lab/runner/run-action.ts';
import { runWorkflow, type WorkflowOptions, type WorkflowRun } from '../../../lab/workflow/act.ts';
import { guideSteps } from '../getting-started/guide.ts';
import { differenceOf, listingOf } from '../listing.ts';
import { note } from '../note.ts';
import { succeeded } from '../results.ts';
import { bareHosts, clusterText, lab } from '../seed-lab.ts';
import { logOf, outcomeOf } from '../workflow-runs.ts';

// The callers of examples/ that are not started manually, in a repository of another owner than the actions' and with a self-hosted
// runner, on the cluster of docs/getting-started.md.
const hosts = ['host-1', 'host-2', 'host-3'];
const place = mkdtempSync(join(tmpdir(), 'k8s-ha-callers-'));
const folder = join(place, 'run');
let identity: string;

beforeAll(async () => {
  const cluster = join(place, 'cluster.yaml');
  writeFileSync(cluster, guideSteps().find((step) => step.kind === 'file')?.text ?? '');
  // The test of the guide has left it running.
  await lab.up({ cluster }).catch(async () => await bareHosts(cluster));
  succeeded(await runAction(lab, 'deploy'));
  identity = await generateX25519Identity();
}, 600_000);

afterAll(() => rmSync(place, { recursive: true, force: true }));

function call(example: string, options: Partial<WorkflowOptions>): Promise<WorkflowRun> {
  return runWorkflow(lab, {
    workflow: join(lab.root, 'examples', example),
    repository: 'someone/clusters',
    secrets: { SSH_KEY: readFileSync(lab.sshKey, 'utf8'), AGE_KEY: identity },
    variables: { KNOWN_HOSTS: readFileSync(lab.knownHosts, 'utf8'), RUNNER: 'self-hosted' },
    folder,
    ...options,
  });
}

/** The text of an artifact of a run. */
function artifact(runId: string, name: RegExp): string {
  for (const id of readdirSync(join(folder, 'artifacts'))) {
    const record = JSON.parse(readFileSync(join(folder, 'artifacts', id, 'artifact.json'), 'utf8'));
    if (record.run === runId && name.test(record.name))
      return readFileSync(join(folder, 'artifacts', id, 'blob'), 'utf8');
  }
  throw new Error(`run ${runId} has left no ${name}`);
}

const night = (runId: string) =>
  call('nightly-failover.yml', { event: 'schedule', payload: { schedule: '17 3 * * *' }, runId });

/** The summary of a night's only job that does something. */
const summaryOf = ({ jobs }: WorkflowRun) => jobs.find(({ id }) => id === 'verify-failover')?.summary ?? '';

test('two nights in a row: each leaves its report, and the second reports the change since the first', async () => {
  const first = await night('101');
  note(logOf(first));
  expect(summaryOf(first)).toMatch(/^## . first: host-\d lost by stop-services/u);
  expect(summaryOf(first)).not.toContain('| change |');

  const second = await night('102');
  const [before, after] = ['101', '102'].map((run) => JSON.parse(artifact(run, /^failover-report-.*\.json$/)));
  // Other tests check the figures; this one checks that the job and its report agree.
  const good = ({ verdict }: { verdict: readonly { good: boolean }[] }) => verdict.every((each) => each.good);
  expect([first.success, second.success]).toEqual([good(before), good(after)]);
  const lines = artifact('102', /^failover-history-first\.jsonl$/)
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line).began)).toEqual([before.figures.began, after.figures.began]);
  expect(after.history).toEqual([JSON.parse(lines[0] ?? '')]);

  const change = after.figures.transferMs - before.figures.transferMs;
  const row =
    summaryOf(second)
      .split('\n')
      .find((line) => line.startsWith('| both leases held by others |')) ?? '';
  expect(row).toContain(`| ${change < 0 ? '−' : '+'}`);
  expect(artifact('102', /^failover-report-.*\.html$/)).toMatch(/^<!doctype html>/i);
}, 600_000);

const changed = () => {
  const cluster = parse(clusterText());
  cluster.hosts[1].labels = { disk: 'ssd' };
  cluster.apiServer = { ...cluster.apiServer, extraArgs: [{ name: 'event-ttl', value: '2h' }] };
  return stringify(cluster);
};

const proposal = (from: string, runId: string, options: Partial<WorkflowOptions> = {}) =>
  call('pull-request.yml', {
    event: 'pull_request',
    payload: { number: 7, pull_request: { number: 7, head: { repo: { full_name: from } } } },
    files: { 'cluster.yaml': changed() },
    runId,
    ...options,
  });

const nothing = Object.fromEntries(
  ['pki', 'etcd', 'master', 'node', 'addons', 'verify-failover'].map((job) => [job, 'skipped']),
);

test('a pull request gets its plan as Markdown that fits a comment: what would change on which host; no host is changed', async () => {
  const own = /^\/(etc|usr|opt|root|var\/lib\/k8s-ha-action)\/|\.(service|socket)$/;
  const look = async () =>
    (await Promise.all(hosts.map((name) => listingOf({ name })))).map((lines) =>
      lines.filter((line) => own.test(line)),
    );
  const before = await look();
  const outcome = await proposal('someone/clusters', '103');
  expect(outcomeOf(outcome)).toEqual([{ ...nothing, plan: 'success', gate: 'success', file: 'skipped' }, true]);
  const after = await look();
  expect(before.flatMap((lines, index) => differenceOf(lines, after[index] ?? []))).toEqual([]);

  const summary = outcome.jobs[0]?.summary ?? '';
  expect(summary).toMatch(/^## Plan of first: dry run, \d+ changes on hosts/);
  for (const host of hosts) expect(summary).toMatch(new RegExp(`^\\| ${host} \\| .*kube-apiserver`, 'm'));
  expect(summary).toMatch(/^\| host-2 \| .*kubelet/m);
  expect(summary).not.toMatch(/^\| host-[13] \| .*kubelet/m);
  expect(summary.length).toBeLessThan(65_536);
}, 300_000);

test('a pull request of a fork gets its file checked, without a key, and no host is asked', async () => {
  const outcome = await proposal('stranger/clusters', '104', { secrets: {}, variables: {} });
  expect(outcomeOf(outcome)).toEqual([{ ...nothing, plan: 'skipped', gate: 'skipped', file: 'success' }, true]);
  expect(outcome.jobs.find(({ id }) => id === 'file')?.summary).toMatch(/^## The file of first is valid: 3 hosts/);
  expect(logOf(outcome)).not.toContain('host-1');
}, 120_000);

test('the push of a merge applies it, on every host, and tests no failover', async () => {
  const outcome = await call('apply.yml', { event: 'push', files: { 'cluster.yaml': changed() }, runId: '105' });
  const legs = hosts.flatMap((name) => ['etcd', 'master', 'node'].map((role) => `${role} ${name}`));
  const all = ['plan', 'pki', ...legs, 'addons', 'gate'].map((job) => [job, 'success']);
  expect(outcomeOf(outcome)).toEqual([{ ...Object.fromEntries(all), 'verify-failover': 'skipped' }, true]);
  const gate = outcome.jobs.find(({ id }) => id === 'gate');
  expect(JSON.parse(gate?.outputs['gate.changed-hosts'] ?? '').toSorted()).toEqual(hosts);
}, 600_000);
