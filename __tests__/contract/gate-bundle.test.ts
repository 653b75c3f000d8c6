import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ResultsService, startResultsService } from '../../lab/workflow/results-service.ts';
import { resultsToken } from '../../lab/workflow/results-token.ts';
import { leaveReport } from '../../src/github/reports.ts';
import { root } from './tree.ts';

const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-gate-'));
const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
let service: ResultsService;
let env: Record<string, string>;

beforeAll(async () => {
  service = await startResultsService(join(folder, 'store'));
  for (const file of Object.values(files)) writeFileSync(file, '');
  env = {
    ACTIONS_RESULTS_URL: service.url,
    ACTIONS_RUNTIME_TOKEN: resultsToken('7'),
    RUNNER_TEMP: join(folder, 'temp'),
  };
  Object.assign(process.env, env);
  const host = { host: 'etcd-1', changes: 21, restarts: 0, milliseconds: 2_400 };
  await leaveReport('seed', { role: 'etcd', outcome: 'success', attempt: 1, hosts: [host] });
});

afterAll(async () => {
  for (const name of Object.keys(env)) delete process.env[name];
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

test('The gate’s bundle gathers the jobs’ reports, and its log has a line for each job and nothing about transfers of artifacts', async () => {
  const needs = {
    plan: { result: 'success', outputs: { name: 'seed', etcd: '["etcd-1"]' } },
    etcd: { result: 'success' },
  };
  const child = spawn(process.execPath, [join(root, 'dist/gate/index.js')], {
    env: { PATH: process.env.PATH, HOME: folder, ...env, ...files, INPUT_NEEDS: JSON.stringify(needs) },
  });
  const lines = (await text(child.stdout)).split('\n').filter((line) => line && !/^::(debug|add-mask)::/.test(line));
  expect(lines).toEqual([
    ...['::group::Gather the reports', '::endgroup::'],
    ...['plan: success', 'etcd etcd-1: success, 21 changes, 0 restarts, 2.4 s'],
  ]);
  expect(readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8')).toMatch(
    /^## Gate of seed: everything succeeded, 1 host changed\n/,
  );
});
