import { expect, test } from '@jest/globals';
import type { Host } from '../../src/cluster/cluster.ts';
import { Problem, problemsOf } from '../../src/errors.ts';
import { applyMasters } from '../../src/phases/apply-masters.ts';
import { applyRole } from '../../src/phases/apply-role.ts';
import { fetchBinaries } from '../../src/phases/fetch-binaries.ts';
import { issue, makeAuthorities } from '../../src/pki/index.ts';
import { smallCluster } from '../fixtures/clusters.ts';
import { closable, errorOf, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const cluster = smallCluster();
const [first] = cluster.hosts;
const nodes = cluster.hosts.filter(({ roles }) => !roles.includes('etcd') && !roles.includes('master'));

/** A run over all hosts whose sessions record what is applied; `work` may delay or fail it. */
async function runOver(
  work: (host: Host, scope: string) => Promise<void> = async () => undefined,
  scopes: (host: Host) => readonly string[] = () => [],
) {
  const { run } = sceneOf(cluster);
  const applied: string[] = [];
  const { secrets } = await issue(cluster, await makeAuthorities(run.now), new Map(), run.now);
  for (const host of cluster.hosts) {
    const own = secrets.get(host.name);
    if (own) run.secrets.set(host.name, own);
    run.inspections.set(host.name, inspectionOf(host, {}, { scopes: scopes(host) }));
    if (host.roles.includes('etcd')) run.etcd.bootstrap.set(host.name, 'ETCD_INITIAL_CLUSTER_STATE=new\n');
    const apply = async (scope: string) => {
      await work(host, scope);
      applied.push(`${host.name} ${scope}`);
      return { changes: [], started: [], restarted: [], milliseconds: 0 };
    };
    run.sessions.set(host.name, { ...closable(host, async () => undefined), apply });
  }
  return { run, applied };
}

const having = (role: 'etcd' | 'master') => cluster.hosts.filter(({ roles }) => roles.includes(role));
const steps = (role: 'etcd' | 'master') => having(role).map(({ name }) => `${name} ${role}`);

test('in a new cluster, etcd and the control plane start while other hosts still download; their phases then do nothing', async () => {
  const slow = Promise.withResolvers<void>();
  const { run, applied } = await runOver(async (host, scope) => {
    if (nodes.includes(host) && scope === 'node-binaries') await slow.promise;
    if (scope === 'master') {
      expect(applied).toEqual(expect.arrayContaining(steps('etcd')));
      if (host === having('master').at(-1)) slow.resolve();
    }
  });
  await fetchBinaries.run(run, notCancelled);
  expect(applied).toEqual(expect.arrayContaining([...steps('etcd'), ...steps('master')]));
  const count = applied.length;
  await applyRole('etcd', 'Apply etcd').run(run, notCancelled);
  await applyMasters.run(run, notCancelled);
  expect(applied).toHaveLength(count);
});

test('if one host was set up before, nothing starts before all have their binaries', async () => {
  const { run, applied } = await runOver(undefined, (host) => (host === first ? ['etcd-binaries'] : []));
  await fetchBinaries.run(run, notCancelled);
  expect(applied.filter((step) => !step.endsWith('-binaries'))).toEqual([]);
  await applyRole('etcd', 'Apply etcd').run(run, notCancelled);
  await applyMasters.run(run, notCancelled);
  expect(applied).toEqual(expect.arrayContaining([...steps('etcd'), ...steps('master')]));
});

test('if a member of a new cluster fails, no control plane starts, and the failure is that of its own phase', async () => {
  const failure = new Problem('no', { code: 'UNIT_FAILED' });
  const { run, applied } = await runOver(async (host, scope) => {
    if (host === first && scope === 'etcd') throw failure;
  });
  const problems = problemsOf(await errorOf(() => fetchBinaries.run(run, notCancelled)));
  expect(problems).toEqual([
    expect.objectContaining({ fields: { code: 'UNIT_FAILED', host: first?.name, phase: 'Apply etcd' } }),
  ]);
  expect(applied.filter((step) => step.endsWith(' master'))).toEqual([]);
});
