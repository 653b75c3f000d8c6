import { expect, test } from '@jest/globals';
import { unitsOf } from '../../src/check/hosts.ts';
import { newReport } from '../../src/check/report.ts';
import { Problem } from '../../src/errors.ts';
import type { InspectQuery } from '../../src/host/engine.ts';
import { components } from '../../src/layout/components.ts';
import { inspectReached } from '../../src/phases/health-hosts.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const cluster = seedCluster();
const state = (active: string) => `LoadState=loaded\nActiveState=${active}\nSubState=${active}\n`;

/** A check of hosts that all run but for the units in `stopped`, of which master-1 was not reached and master-2 fails. */
async function checked(stopped: readonly string[]) {
  const { run } = sceneOf(cluster, { dryRun: true });
  const asked: InspectQuery[] = [];
  for (const host of cluster.hosts.filter(({ name }) => name !== 'master-1')) {
    const inspect = async (query: InspectQuery) => {
      asked.push(query);
      if (host.name === 'master-2') throw new Problem('the connection was lost', { code: 'CONNECTION_LOST' });
      const shown = unitsOf(host).map((unit) => `Id=${unit}\n${state(stopped.includes(unit) ? 'failed' : 'active')}`);
      const answers = (query.ask ?? []).map(() => ({ status: 0, stdout: '' }));
      const units = { status: 0, stdout: shown.join('\n') };
      return inspectionOf(host, {}, { scopes: host.roles, answers: [...answers.slice(1), units] });
    };
    run.sessions.set(host.name, { ...closable(host, async () => undefined), inspect });
  }
  const report = newReport();
  const given = await inspectReached(report).run(run, notCancelled);
  return { findings: report.findings.map(({ id }) => id), asked, ...given };
}

test('a host that fails is a finding, and the later phases are about the others', async () => {
  const { findings, inspections, targets, asked } = await checked([components.scheduler.unit]);
  expect(findings).toEqual(['host-unreachable/master-2', 'unit-stopped/master-3/kube-scheduler.service']);
  expect(inspections.size).toBe(5);
  expect(targets.get('master')?.map(({ name }) => name)).toEqual(['master-3']);
  expect(targets.get('etcd')).toHaveLength(3);
  expect(asked).toHaveLength(6);
  for (const { claim, ask } of asked) {
    expect(claim).toBe(false);
    expect(ask?.at(-1)).toMatch(/^systemctl show /);
  }
});
