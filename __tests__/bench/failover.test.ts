import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { EndpointFigures } from '../../bench/failover/clients.ts';
import { peersOf } from '../../bench/failover/peer-configs.ts';
import { addTrial, readTrials } from '../../bench/failover/results.ts';
import { median, summaryOf } from '../../bench/failover/summary.ts';
import type { Trial } from '../../bench/failover/trial.ts';

const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

const endpoint = (name: string, change: Partial<EndpointFigures> = {}): EndpointFigures => ({
  name,
  requests: 600,
  failed: 0,
  slowestMs: 310,
  failures: [],
  keptGapMs: 1400,
  watchGapMs: 1500,
  held: true,
  ...change,
});
const trial = (transferMs: number, change: Partial<Trial> = {}): Trial => ({
  fault: 'poweroff',
  election: 'default',
  began: '2026-11-23T02:00:00.000Z',
  target: 'master-1',
  passed: true,
  errors: [],
  outputs: { 'transfer-ms': String(transferMs), 'placed-ms': String(transferMs + 1500), 'not-ready-nodes': '0' },
  waited: [],
  endpoints: [
    endpoint('ours'),
    endpoint('nginx', {
      failed: 1,
      failures: [{ at: Date.parse('2026-11-23T02:00:00.250Z'), ms: 45_000, error: 'x' }],
      watchGapMs: 45_000,
    }),
  ],
  pods: { requests: 100, failed: 0, slowestMs: 30 },
  ...change,
});

test('a median is the middle, or between the two that are', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, undefined]);
});

test('a summary has median and worst for each fault and election, and compares the load balancers', () => {
  const summary = summaryOf([
    trial(17_000),
    trial(21_000, { waited: ['kube-scheduler of master-2 was restarted'] }),
    trial(16_000, { endpoints: [endpoint('ours', { held: false, watchGapMs: 99_000 })] }),
    trial(5000, { election: 'fast' }),
  ]);
  expect(summary).toContain('## poweroff, election `default`: 3 trials');
  expect(summary).toContain('## poweroff, election `fast`: 1 trials');
  expect(summary).toContain('| both leases held by others | 17.00 s | 21.00 s | 3 |');
  expect(summary).toContain('| pod of a new Deployment placed, after the leases moved | 1.50 s | 1.50 s | 3 |');
  // A connection that was not held by the master that died shows nothing about its loss.
  expect(summary).toContain('| ours | 0 of 1800 | 0.00 s | – | 0.31 s | 1.40 s / 1.40 s | 1.50 s / 1.50 s |');
  expect(summary).toContain('| nginx | 2 of 1200 | 45.00 s | 0.25 s | 0.31 s | 1.40 s / 1.40 s | 45.00 s / 45.00 s |');
  expect(summary).toContain('Trials in which something living waited: 1 of 3.');
});

test('results survive a run that is killed while it writes', () => {
  const file = join(folder, 'results.jsonl');
  addTrial(file, trial(1));
  appendFileSync(file, '{"fault":"powero');
  addTrial(file, trial(2));
  expect(readTrials(file).map(({ outputs }) => outputs['transfer-ms'])).toEqual(['1', '2']);
  expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
  expect(readTrials(join(folder, 'none'))).toEqual([]);
});

test('haproxy accepts the configuration of the other projects’ balancer', () => {
  const peer = peersOf(['192.168.1.153:6443', '192.168.1.154:6443']).find(({ program }) => program === 'haproxy');
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, peer?.config ?? '');
  const { status, stderr } = spawnSync('/usr/sbin/haproxy', ['-c', '-f', file], { encoding: 'utf8' });
  expect({ status, alerts: stderr.split('\n').filter((line) => line.includes('ALERT')) }).toEqual({
    status: 0,
    alerts: [],
  });
});
