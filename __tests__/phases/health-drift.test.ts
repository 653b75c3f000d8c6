import { expect, test } from '@jest/globals';
import { newReport } from '../../src/check/report.ts';
import { compareHosts, observeHealth } from '../../src/phases/health-drift.ts';
import { makeAuthorities } from '../../src/pki/authorities.ts';
import { paths } from '../../src/pki/index.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { hostOf, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const cluster = seedCluster();

/** The findings of a comparison where only these hosts have answered, with these files. */
async function found(hosts: readonly string[], files: ReadonlyMap<string, string> = new Map()) {
  const { run } = sceneOf(cluster, { dryRun: true });
  for (const name of hosts) run.inspections.set(name, inspectionOf(hostOf(cluster, name), {}, { files }));
  const targets = new Map(
    [...run.targets].map(([role, all]) => [role, all.filter(({ name }) => hosts.includes(name))]),
  );
  const report = newReport();
  const observed = await observeHealth(report).run({ ...run, targets }, notCancelled);
  await compareHosts(report, 'cluster.yaml').run({ ...run, targets, ...observed }, notCancelled);
  return report.findings.map(({ id, severity }) => `${severity} ${id}`);
}

const noNodes = 'critical unknown/seed/nodes';

test('without a master nothing can be compared, and no CA is taken for lost', async () => {
  const { etcd } = await makeAuthorities(new Date());
  const trusted = new Map([[paths.etcd.ca, etcd.crt]]);
  expect(await found(['etcd-1'], trusted)).toEqual([noNodes, 'warning unknown/seed/differences-to-the-file']);
});

test('a master without CAs is a finding, and the same file on a master is a CA that is lost', async () => {
  expect(await found(['master-1'])).toEqual([noNodes, 'warning plan/seed/AUTHORITIES_UNKNOWN']);
  const { kubernetes } = await makeAuthorities(new Date());
  const leaf = new Map([[paths.apiserver.crt, kubernetes.crt]]);
  expect(await found(['master-1'], leaf)).toEqual([noNodes, 'warning plan/seed/AUTHORITIES_LOST']);
});
