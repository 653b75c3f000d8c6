import { expect, test } from '@jest/globals';
import { measuredUpgrade, upgradeProblems, upgradeSteps } from '../../src/phases/measure-upgrade.ts';
import type { HostResult } from '../../src/phases/run.ts';
import type { Observed } from '../../src/phases/stages.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const result = (host: string, parts: Partial<HostResult>): HostResult => ({
  ...{ host, phase: 'master', changes: [], started: [], restarted: [], milliseconds: 4000, ended: 10_000, ...parts },
});

test('the steps of an upgrade are the drains of a run and what it restarted, from the begin of each change', () => {
  const restarted = ['kube-apiserver.service', 'kube-scheduler.service'];
  const results = [result('m1', { restarted }), result('m2', { started: ['etcd.service'] }), result('m3', {})];
  const drains = [{ host: 'n1', milliseconds: 30_000, ended: 45_000 }];
  expect(upgradeSteps({ results, drains })).toEqual([
    { host: 'n1', what: 'drain', from: 15_000, to: 45_000 },
    { host: 'm1', what: 'kube-apiserver, kube-scheduler', from: 6000, to: 10_000 },
  ]);
});

test('each limit that it broke is a problem', () => {
  const bad = { good: false, text: '2 of 300 new connections failed (limit 0)' };
  expect(upgradeProblems({ passes: [], failures: [bad] })).toEqual([
    expect.objectContaining({ code: 'UPGRADE_VERDICT', message: bad.text }),
  ]);
});

test('nothing is measured without an upgrade, in a dry run, or if no report was asked for', () => {
  const begins = (upgrades: boolean, dryRun: boolean, asked: boolean) => {
    const { run } = sceneOf(seedCluster(), { dryRun });
    const observed: Observed = { ...run, nodes: [], forgotten: [], upgrades };
    return measuredUpgrade(asked ? async () => undefined : undefined).begin.when?.({ ...run, ...observed });
  };
  expect([begins(true, false, true), begins(false, false, true), begins(true, true, true), begins(true, false, false)]) //
    .toEqual([true, false, false, false]);
});

test('an upgrade that cannot be measured continues, with the reason as a warning', async () => {
  const { run, log } = sceneOf(seedCluster());
  for (const host of run.cluster.hosts) {
    run.sessions.set(
      host.name,
      closable(host, async () => undefined),
    );
    run.inspections.set(host.name, inspectionOf(host, {}, { scopes: host.roles }));
  }
  const observed = { ...run, nodes: [], forgotten: [], upgrades: true };
  const measured = measuredUpgrade(async () => undefined);
  await measured.begin.run(observed, notCancelled);
  expect(log.lines).toEqual(['warning: the upgrade continues without a report: master-1 was touched']);
  expect(measured.end.when?.(run)).toBe(false);
});
