import { expect, test } from '@jest/globals';
import type { Inspection } from '../../src/host/engine.ts';
import { requireSpareHosts } from '../../src/phases/drill-restore.ts';
import { allTargets } from '../../src/phases/run.ts';
import { makeAuthorities } from '../../src/pki/index.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { now } from '../pki/hosts.ts';
import { errorOf, hostOf, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const cluster = seedCluster();

/** What is found of hosts of which one is like this. */
async function outcome(name: string, parts: Partial<Inspection>) {
  const { run } = sceneOf(cluster);
  for (const host of allTargets(run)) run.inspections.set(host.name, inspectionOf(host));
  run.inspections.set(name, inspectionOf(hostOf(cluster, name), {}, parts));
  let spare = false;
  const phase = requireSpareHosts(() => {
    spare = true;
  });
  const error = await errorOf(() => phase.run({ ...run, targets: run.targets }, notCancelled)).catch(() => undefined);
  return { spare, refusals: error instanceof AggregateError ? error.errors : [] };
}

test('bare hosts, and those that were reset, are spare', async () => {
  expect(await outcome('etcd-1', {})).toEqual({ spare: true, refusals: [] });
  expect(await outcome('etcd-1', { scopes: ['etcd'], isReset: true })).toEqual({ spare: true, refusals: [] });
});

test('a host that has a role, or a CA, is not', async () => {
  const deployed = await outcome('node-1', { scopes: ['node'] });
  expect(deployed).toMatchObject({ spare: false, refusals: [{ code: 'DRILL_HOSTS', fields: { host: 'node-1' } }] });
  const { kubernetes } = await makeAuthorities(now);
  const left = await outcome('master-1', { files: new Map([['/etc/kubernetes/pki/ca.crt', kubernetes.crt]]) });
  expect(left).toMatchObject({ spare: false, refusals: [{ message: expect.stringContaining('CAs of a cluster') }] });
});
