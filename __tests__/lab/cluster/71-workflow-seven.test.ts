import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateX25519Identity } from 'age-encryption';
import type { WorkflowOptions, WorkflowRun } from '../../../lab/workflow/act.ts';
import type { JobResult } from '../../../lab/workflow/act-log.ts';
import { rebuildOptions } from '../../../lab/workflow/rebuild.ts';
import { ResultsStore } from '../../../lab/workflow/results-store.ts';
import { escaped } from '../../../src/markdown.ts';
import { type ClusterText, changedCluster } from '../cluster-file.ts';
import { type ClusterState, clusterStateOf } from '../cluster-state.ts';
import { differenceOf } from '../listing.ts';
import { note, seconds } from '../note.ts';
import { powerCommand } from '../power.ts';
import { bareHosts, lab } from '../seed-lab.ts';
import { outcomeOf, rebuild as runRebuild } from '../workflow-runs.ts';

// The order and the concurrency of jobs must not matter: the seed's seven hosts by examples/rebuild.yml, from bare hosts twice. As every
// workflow of the lab, it is in a repository of another owner than the actions', with the jobs of examples/cluster.yml on a self-hosted runner.

const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-workflow-seven-'));
const oneAtATime = { concurrentJobs: 1, maxParallel: 1 };
let identity: string;

beforeAll(async () => {
  identity = await generateX25519Identity();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function rebuild(runId: string, options: Partial<WorkflowOptions> = {}): Promise<WorkflowRun> {
  const run = await runRebuild(identity, { folder, runId, ...options });
  const times = run.jobs.map((job) => `${nameOf(job)} ${seconds(job.milliseconds)}`);
  note(`${runId}: ${seconds(run.milliseconds)} in all; ${times.join(', ')}`);
  return run;
}

const nameOf = ({ id, matrix }: JobResult): string => [id, ...Object.values(matrix)].join(' ');

function jobOf({ jobs }: WorkflowRun, id: string): JobResult {
  const job = jobs.find((each) => each.id === id);
  if (!job) throw new Error(`there is no job ${id}`);
  return job;
}

/** The jobs that ran, in the order in which they began. */
function began({ jobs }: WorkflowRun): readonly JobResult[] {
  return jobs.filter(({ status }) => status !== 'skipped').sort((one, other) => one.began - other.began);
}

function overlapping(run: WorkflowRun): readonly string[] {
  const jobs = began(run);
  return jobs.flatMap((job, index) => {
    const before = jobs[index - 1];
    return before && before.ended > job.began ? [`${nameOf(before)} and ${nameOf(job)}`] : [];
  });
}

const inFileOrder = [
  ...['plan', 'pki', 'etcd etcd-1', 'etcd etcd-2', 'etcd etcd-3'],
  ...['master master-1', 'master master-2', 'master master-3', 'node node-1', 'addons'],
];
const reversed = [
  ...['plan', 'pki', 'etcd etcd-3', 'etcd etcd-2', 'etcd etcd-1'],
  ...['master master-3', 'master master-2', 'master master-1', 'node node-1', 'addons'],
];
const without = Object.fromEntries([...inFileOrder, 'gate'].map((job) => [job, 'success']));
const whole = { ...without, 'verify-failover': 'skipped' };
const allHosts = ['etcd-1', 'etcd-2', 'etcd-3', 'master-1', 'master-2', 'master-3', 'node-1'];

const changedHosts = (run: WorkflowRun): readonly string[] =>
  JSON.parse(jobOf(run, 'gate').outputs['gate.changed-hosts'] ?? '');

let slow: ClusterState;
let quick: ClusterState;

test('bare hosts, one job at a time, each matrix from its end: the cluster, and no job waits for one that comes later', async () => {
  await bareHosts();
  const run = await rebuild('slow', { ...oneAtATime, reversed: true });
  expect(outcomeOf(run)).toEqual([whole, true]);
  expect([began(run).map(nameOf), overlapping(run)]).toEqual([[...reversed, 'gate'], []]);
  expect([...changedHosts(run)].sort()).toEqual(allHosts);
  slow = await clusterStateOf();
}, 900_000);

describe('bare hosts, all jobs at once, and the loss of master-1 at the end', () => {
  let run: WorkflowRun;

  beforeAll(async () => {
    await bareHosts();
    const { inputs, secrets } = rebuildOptions(lab, identity);
    run = await rebuild('quick', {
      inputs: { ...inputs, fault: 'poweroff', target: 'master-1' },
      secrets: { ...secrets, POWER_COMMAND: powerCommand },
    });
    quick = await clusterStateOf();
  }, 900_000);

  test('is one run in which every job succeeds', () => {
    expect(outcomeOf(run)).toEqual([{ ...without, 'verify-failover': 'success' }, true]);
    expect(overlapping(run).length).toBeGreaterThan(2);
    expect([...changedHosts(run)].sort()).toEqual(allHosts);
    expect(jobOf(run, 'gate').summary).toContain('everything succeeded');
  });

  test('has the figures of the failover as outputs, and in the summary of the gate', () => {
    const { outputs } = jobOf(run, 'verify-failover');
    expect(outputs['verify.target']).toBe('master-1');
    expect(outputs['verify.controller-manager-new-leader']).toMatch(/^master-[23]$/);
    expect(Number(outputs['verify.transfer-ms'])).toBeGreaterThan(5000);
    expect(Number(outputs['verify.transfer-ms'])).toBeLessThan(25_000);
    // One request may have been in flight at the power loss, as in 50-failover.
    expect(outputs['verify.failed-requests']).toMatch(/^[01]$/);
    const page = 'failover-report-seed_master-1_poweroff.html';
    const row = jobOf(run, 'gate')
      .summary.split('\n')
      .find((line) => line.startsWith('| verify-failover |'));
    expect(row).toMatch(/leases moved after [\d.]+ s, master-[23] leads, \d+ requests failed, artifact /);
    expect(row).toContain(escaped(page));
  });

  test('has logs that list hosts and units as they start, and nothing about transfers of artifacts', () => {
    const lines = run.jobs.flatMap((job) => job.lines);
    expect(lines.filter((line) => /Artifact name is valid|SHA256 digest|Downloading raw/.test(line))).toEqual([]);
    const ofUnits = lines.filter((line) => /^master-2: (starting|\S+ is ready)/.test(line));
    expect(ofUnits[0]).toMatch(/^master-2: starting .*kube-apiserver\.service/);
    expect(ofUnits).toContainEqual(expect.stringMatching(/^master-2: kube-scheduler\.service is ready after \d+ s$/));
    expect(lines).toContain('etcd-1: placed /usr/local/bin/etcd (missing)');
  });

  test('leaves the report as an artifact, which is kept longer than the bundles', () => {
    const store = new ResultsStore(join(folder, 'artifacts'));
    const page = store.ofRun('quick').find(({ name }) => name === 'failover-report-seed_master-1_poweroff.html');
    const bundle = store.deletedOf('quick').find(({ name }) => name === 'k8s-ha-seed_master-1.age');
    expect(readdirSync(join(folder, 'artifacts', String(page?.id))).sort()).toEqual(['artifact.json', 'blob']);
    const html = readFileSync(join(folder, 'artifacts', String(page?.id), 'blob'), 'utf8');
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).toContain('master-1');
    expect(Date.parse(page?.expiresAt ?? '')).toBeGreaterThan(Date.parse(bundle?.expiresAt ?? ''));
  });
});

test('both ways give the same cluster: the same files, units and objects, except keys and files that depend on them', () => {
  expect(Object.values(slow.hosts).every((lines) => lines.length > 500)).toBe(true);
  for (const host of allHosts)
    expect([host, differenceOf(slow.hosts[host] ?? [], quick.hosts[host] ?? [])]).toEqual([host, []]);
  expect(slow.objects.length).toBeGreaterThan(100);
  expect(differenceOf(slow.objects, quick.objects)).toEqual([]);
});

test('nothing changes when the jobs come one at a time in the file’s order, nor all at once from the end', async () => {
  const before = await clusterStateOf();
  const slowly = await rebuild('slow-again', oneAtATime);
  expect(outcomeOf(slowly)).toEqual([whole, true]);
  expect([began(slowly).map(nameOf), overlapping(slowly)]).toEqual([[...inFileOrder, 'gate'], []]);
  const atOnce = await rebuild('quick-again', { reversed: true });
  expect(outcomeOf(atOnce)).toEqual([whole, true]);
  for (const run of [slowly, atOnce])
    expect([jobOf(run, 'plan').outputs['plan.changed'], changedHosts(run)]).toEqual(['0', []]);
  expect(await clusterStateOf()).toEqual(before);
}, 600_000);

const labelled = () => readFileSync(changedCluster(lab, 'labelled', label), 'utf8');

function label({ hosts }: ClusterText): void {
  for (const host of hosts) if (host.name === 'node-1') host.labels = { disk: 'ssd' };
}

test('a push that changes one host applies it there, and the pull request of a fork before it was only validated', async () => {
  const example = (name: string) => join(lab.root, 'examples', name);
  const files = { 'cluster.yaml': labelled() };
  const head = { repo: { full_name: 'stranger/clusters' } };
  const proposed = await rebuild('fork', {
    ...{ workflow: example('pull-request.yml'), event: 'pull_request', payload: { pull_request: { head } }, files },
    ...{ inputs: {}, secrets: {}, variables: {} },
  });
  expect(jobOf(proposed, 'file').summary).toMatch(/^## The file of seed is valid: 7 hosts/);
  expect(proposed.jobs.filter(({ status }) => status !== 'skipped').map(nameOf)).toEqual(['file']);

  const pushed = await rebuild('push', { workflow: example('apply.yml'), event: 'push', inputs: {}, files });
  expect(outcomeOf(pushed)).toEqual([whole, true]);
  expect(changedHosts(pushed)).toEqual(['node-1']);
}, 300_000);
