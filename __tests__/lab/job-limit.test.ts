// The time limit of a job, as act has it in this lab: the jobs of examples/cluster.yml with their own conditions, of which only the gate
// does its real work.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { runWorkflow, type WorkflowRun } from '../../lab/workflow/act.ts';
import type { JobResult } from '../../lab/workflow/act-log.ts';
import { logOf, results } from './workflow-runs.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-job-limit-'));
const seconds = 6;
let run: WorkflowRun;

/** Waits for longer than the limit. It says which signals it gets, and ends at the last one of them. */
const slow = `
  const begin = Date.now();
  const last = process.env.HOST === 'two' ? 'SIGINT' : 'SIGTERM';
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => {
      console.log(signal + ' ' + (Date.now() - begin));
      if (signal === last) process.exit(1);
    });
  if (process.env.HOST !== 'one') setTimeout(() => {}, 60_000);`;

/** What the jobs do instead of their work. */
const steps: Readonly<Record<string, readonly object[]>> = {
  plan: [
    {
      id: 'plan',
      run: `printf '%s\\n' 'etcd=["one"]' 'master=["one"]' 'node=["one","two","three"]' >>"$GITHUB_OUTPUT"`,
    },
  ],
  node: [
    { run: `exec node -e "$PROGRAM"`, env: { HOST: '${{ matrix.hosts }}', PROGRAM: slow } },
    { run: 'echo the next step' },
    { run: 'echo the step for every case', if: 'always()' },
  ],
};

beforeAll(async () => {
  const workflow = parse(readFileSync(join(root, 'examples/cluster.yml'), 'utf8'));
  for (const [id, job] of Object.entries<{ steps: readonly object[] }>(workflow.jobs))
    if (id !== 'gate') job.steps = steps[id] ?? [{ run: 'true' }];
  const caller = {
    on: { workflow_dispatch: {} },
    jobs: {
      cluster: {
        uses: './.github/workflows/cluster.yml',
        with: { 'timeout-minutes': seconds / 60, 'verify-failover': 'stop-services' },
      },
    },
  };
  const file = join(folder, 'caller.yml');
  writeFileSync(file, stringify(caller));
  const lab = { id: 'none', root, netns: '', clusterFile: '', stateDir: folder };
  const files = { 'cluster.yaml': '{}', '.github/workflows/cluster.yml': stringify(workflow) };
  run = await runWorkflow(lab, { workflow: file, files, folder: join(folder, 'run') });
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = (host: string): JobResult | undefined =>
  run.jobs.find(({ id, matrix }) => id === 'node' && matrix.hosts === host);

test('a job that reaches it is cancelled; jobs after it run as their conditions say, and no failover is tested', () => {
  expect([run.success, results(run)]).toEqual([
    false,
    {
      ...{ plan: 'success', pki: 'success', 'etcd one': 'success', 'master one': 'success', addons: 'success' },
      ...{ 'node one': 'success', 'node two': 'cancelled', 'node three': 'cancelled' },
      ...{ 'verify-failover': 'skipped', gate: 'failure' },
    },
  ]);
  expect(node('two')?.annotations.map(({ message }) => message)).toEqual([
    'The job has exceeded the maximum execution time',
  ]);
});

test('its step gets SIGINT and 7.5 s later SIGTERM, and only steps with always() follow', () => {
  const at = (host: string, signal: string): number =>
    Number(node(host)?.lines.flatMap((line) => line.split(`${signal} `).slice(1))[0]);
  expect([at('two', 'SIGTERM'), at('one', 'SIGINT')]).toEqual([Number.NaN, Number.NaN]);
  for (const host of ['two', 'three']) expect(at(host, 'SIGINT')).toBeGreaterThan(seconds * 500);
  expect(at('three', 'SIGTERM') - at('three', 'SIGINT')).toBeGreaterThan(7400);
  for (const host of ['two', 'three'])
    expect(node(host)?.lines.filter((line) => line.startsWith('the '))).toEqual(['the step for every case']);
});

test('the gate names the hosts, and the button that runs such a job again', () => {
  const gate = logOf({ jobs: run.jobs.filter(({ id }) => id === 'gate') });
  for (const host of ['two', 'three']) expect(gate).toContain(`${host}: the node job ended without a report`);
  expect(gate).toContain('"Re-run failed jobs" may leave out a job that was cancelled or reached its time limit');
});
