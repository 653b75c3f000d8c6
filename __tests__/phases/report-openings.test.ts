import { expect, test } from '@jest/globals';
import { describeOpening } from '../../src/cluster/openings.ts';
import { summaryOf } from '../../src/github/summary.ts';
import type { Phase } from '../../src/phases/phase.ts';
import { runPhases } from '../../src/phases/run-phases.ts';
import { seedWith } from '../components/support.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { errorOf, sceneOf } from './scene.ts';

const open = seedWith('kubelet: { config: { seccompDefault: false } }', 'mirror: http://mirror.lab');
const failing: Phase = {
  title: 'Fail',
  run: async () => {
    throw new Error('a host is down');
  },
};

test('a dry run first reports what the file opens, one warning each, even if it fails later', async () => {
  const { run, log } = sceneOf(open, { dryRun: true });
  await errorOf(() => runPhases(run, [failing]));
  expect(log.lines).toEqual([
    '== Look for what cluster.yaml opens',
    'warning: opens: kubelet.config.seccompDefault "false" lets pods make every system call (line 2, CIS 4.2.14)',
    'warning: opens: mirror "http://mirror.lab" lets anyone on the way replace programs that run as root (line 3)',
    '== Fail',
  ]);
});

test('a command for the runner is reported to the reviewer of the file', () => {
  const { openings } = seedWith("upgrade: { gate: 'curl -f https://shop.example.com' }");
  expect(openings.map(describeOpening)).toEqual([
    'opens: upgrade.gate "curl -f https://shop.example.com" runs on the runner during an upgrade (line 2)',
  ]);
});

test('its summary has them in a table that is not collapsed', () => {
  const summary = summaryOf('Plan', sceneOf(open, { dryRun: true }).run);
  const table = summary.slice(summary.indexOf('### cluster.yaml opens'), summary.indexOf('| host |'));
  expect(table).toContain('| 2 | kubelet.config.seccompDefault "false" | lets pods make every system call | 4.2.14 |');
  expect(table).not.toContain('<details>');
});

test('a file that opens nothing has one line in the log and none in the summary', async () => {
  const { run, log } = sceneOf(seedCluster(), { dryRun: true });
  await runPhases(run, []);
  expect(log.lines).toEqual(['== Look for what cluster.yaml opens', 'nothing']);
  expect(summaryOf('Plan', run)).not.toContain('### cluster.yaml opens');
});

test('a run that changes hosts does not repeat what its plan has reported', async () => {
  const { run, log } = sceneOf(open);
  await runPhases(run, []);
  expect(log.lines).toEqual([]);
});
