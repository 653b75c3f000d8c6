import { expect, test } from '@jest/globals';
import { newReport } from '../../src/check/report.ts';
import { Problem } from '../../src/errors.ts';
import { askServices } from '../../src/phases/health-services.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const cluster = seedCluster();
const health = [157, 158, 159].map((last) => ({ endpoint: `https://192.168.1.${last}:2379`, health: last !== 159 }));

/** The findings of a cluster without API servers, in which etcdctl answers on these hosts only. */
async function found(answering: readonly string[]): Promise<readonly string[]> {
  const { run } = sceneOf(cluster, { dryRun: true });
  for (const host of cluster.hosts) {
    const answers = answering.includes(host.name);
    run.inspections.set(host.name, inspectionOf(host, {}, { scopes: host.roles }));
    run.sessions.set(host.name, {
      ...closable(host, async () => undefined),
      run: async (command) => {
        const stdout = answers && command.includes('endpoint health') ? `${JSON.stringify(health)}\n---\n[]` : '';
        return { status: stdout === '' ? 1 : 0, stdout, stderr: '' };
      },
      forward: async () => {
        throw new Problem('refused', { code: 'FORWARD_FAILED' });
      },
    });
  }
  const report = newReport();
  await askServices(report).run(run, notCancelled);
  return report.findings.map(({ id, severity }) => `${severity} ${id}`);
}

const apiServers = [1, 2, 3].map((number) => `critical api-server-not-ready/master-${number}`);

test('one host of etcd whose etcdctl answers is enough, and an API server that cannot be asked is not ready', async () => {
  const findings = await found(['etcd-2']);
  expect(findings.filter((each) => each.startsWith('critical'))).toEqual([
    ...apiServers,
    'critical etcd-member/etcd-3',
  ]);
});

test('etcd without an answer is unknown, and that is critical; so is no certificate of a server, as a warning', async () => {
  const findings = await found([]);
  expect(findings).toEqual(expect.arrayContaining(['critical unknown/seed/etcd']));
  expect(findings).toEqual(expect.arrayContaining(['warning unknown/node-1/the-certificate-of-kubelet-port-10250']));
});
