import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startResultsService } from '../../lab/workflow/results-service.ts';
import { resultsToken } from '../../lab/workflow/results-token.ts';
import { Problem } from '../../src/errors.ts';
import { uploadArtifact } from '../../src/github/artifact-client.ts';
import { gatherReports, leaveReport, reportOf } from '../../src/github/reports.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';
import { sceneOf } from '../phases/scene.ts';

const { run } = sceneOf(seedCluster(), { targets: new Map([['etcd', ['etcd-1', 'etcd-2']]]) });
const problem = (host?: string) => new Problem('down', { code: 'HOST_UNREACHABLE', ...(host ? { host } : {}) });
const blamed = (error: unknown) =>
  reportOf(run, error, 1)
    ?.hosts.filter((host) => host.problem)
    .map(({ host }) => host);

test("a host's own problem is reported for that host, any other problem for all of them", () => {
  expect(blamed(new AggregateError([problem('etcd-2')]))).toEqual(['etcd-2']);
  expect(blamed(problem())).toEqual(['etcd-1', 'etcd-2']);
  expect(blamed(new Error('a defect'))).toEqual(['etcd-1', 'etcd-2']);
  expect(blamed(problem('master-1'))).toEqual(['etcd-1', 'etcd-2']);
  expect(blamed(undefined)).toEqual([]);
});

test('an invalid report does not keep the gate from reading the others', async () => {
  await using folder = await scratchFolder();
  const store = join(folder.path, 'store');
  const service = await startResultsService(store);
  process.env.ACTIONS_RESULTS_URL = service.url;
  process.env.ACTIONS_RUNTIME_TOKEN = resultsToken('run');
  process.env.RUNNER_TEMP = join(folder.path, 'temp');
  const report = reportOf(run, undefined, 1);
  if (!report) throw new Error('a job of one role leaves a report');
  await leaveReport('seed', report);
  await uploadArtifact('k8s-ha-report-seed_etcd_shape.json', Buffer.from('{"hosts":{}}'));
  await uploadArtifact('k8s-ha-report-seed_etcd_bytes.json', Buffer.from('{}'));
  const last = Math.max(...(await readdir(store)).map(Number));
  await writeFile(join(store, String(last), 'blob'), '[]');
  const found = await gatherReports('seed', 'etcd', ['etcd-1,etcd-2', 'shape', 'bytes', 'none']);
  await service.close();
  expect([...found]).toEqual([
    ['etcd-1,etcd-2', report],
    ['shape', undefined],
    ['bytes', undefined],
    ['none', undefined],
  ]);
});
