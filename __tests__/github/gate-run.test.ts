import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type ResultsService, startResultsService } from '../../lab/workflow/results-service.ts';
import { ResultsStore } from '../../lab/workflow/results-store.ts';
import { resultsToken } from '../../lab/workflow/results-token.ts';
import { bundleArtifacts } from '../../src/github/artifacts.ts';
import { judgeJobs } from '../../src/github/gate-run.ts';
import { leaveReport } from '../../src/github/reports.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';
import { linesOf } from './workflow-commands.ts';

const run = '7';
const success = { result: 'success' };
const plan = { ...success, outputs: { name: 'seed', etcd: '["etcd-1"]', node: '["node-1,node-2"]' } };
let folder: AsyncDisposable & { path: string };
let service: ResultsService;

beforeAll(async () => {
  folder = await scratchFolder();
  service = await startResultsService(join(folder.path, 'store'));
  process.env.ACTIONS_RESULTS_URL = service.url;
  process.env.ACTIONS_RUNTIME_TOKEN = resultsToken(run);
  process.env.RUNNER_TEMP = join(folder.path, 'temp');
  process.env.GITHUB_OUTPUT = join(folder.path, 'output');
});

afterAll(async () => {
  await service.close();
  await folder[Symbol.asyncDispose]();
  for (const name of ['ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN', 'RUNNER_TEMP', 'GITHUB_OUTPUT', 'INPUT_NEEDS'])
    delete process.env[name];
});

beforeEach(async () => {
  await writeFile(join(folder.path, 'output'), '');
  const sealed = Buffer.from('age-encryption.org/v1\n');
  const nodes = ['node-1', 'node-2'];
  await linesOf(async () => {
    await bundleArtifacts().write('seed', ['etcd-1'], new Map([['etcd-1', sealed]]));
    await bundleArtifacts().write('seed', nodes, new Map(nodes.map((node) => [node, sealed])));
    const host = { host: 'etcd-1', changes: 0, restarts: 0, milliseconds: 0 };
    await leaveReport('seed', { role: 'etcd', outcome: 'success', attempt: 1, hosts: [host] });
  });
});

const names = () => new ResultsStore(join(folder.path, 'store')).ofRun(run).map(({ name }) => name);
const report = 'k8s-ha-report-seed_etcd_etcd-1.json';

test('when every job has passed, the gate deletes the bundles of its cluster and keeps the reports', async () => {
  process.env.INPUT_NEEDS = JSON.stringify({ plan, pki: success, etcd: success, node: success, addons: success });
  const lines = await linesOf(judgeJobs);
  expect(lines).toContain('2 artifacts with bundles deleted: every job has passed');
  expect(names()).toEqual([report]);
});

test('when a job has failed, the bundles stay for "Re-run failed jobs"', async () => {
  const needs = { plan, pki: success, etcd: success, node: success, 'verify-failover': { result: 'failure' } };
  process.env.INPUT_NEEDS = JSON.stringify(needs);
  await linesOf(async () => await expect(judgeJobs()).rejects.toThrow('1 jobs did not succeed'));
  expect(names()).toHaveLength(3);
});
