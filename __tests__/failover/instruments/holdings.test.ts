import { expect, test } from '@jest/globals';
import { holdingsOf } from '../../../src/failover/instruments/holdings.ts';
import type { LeaseSighting } from '../../../src/failover/instruments/transfers.ts';

const seen = (at: number, host: string | undefined, change: Partial<LeaseSighting> = {}): LeaseSighting => ({
  at,
  lease: 'kube-scheduler',
  holder: host ? `${host}_1` : '',
  host,
  transitions: 0,
  acquired: undefined,
  renewed: undefined,
  durationSeconds: 15,
  ...change,
});
const spans = (all: readonly LeaseSighting[], endAt: number) =>
  holdingsOf(all, 1000, endAt).map(({ host, fromMs, toMs }) => [host, fromMs, toMs]);

test('a lease is held until its last renewal, then by no host, then by its next holder', () => {
  const all = [seen(0, 'master-1'), seen(900, 'master-1'), seen(17_000, 'master-2'), seen(19_000, 'master-2')];
  expect(spans(all, 20_000)).toEqual([
    ['master-1', -1000, -100],
    [undefined, -100, 16_000],
    ['master-2', 16_000, 19_000],
  ]);
  expect(holdingsOf(all, 1000, 20_000).map(({ renewedMs }) => renewedMs)).toEqual([
    [-1000, -100],
    [],
    [16_000, 18_000],
  ]);
});

test('a released lease has no holder until the next one', () => {
  expect(spans([seen(0, 'master-1'), seen(1000, undefined), seen(1500, 'master-3')], 2000)).toEqual([
    ['master-1', -1000, -1000],
    [undefined, -1000, 0],
    [undefined, 0, 500],
    ['master-3', 500, 1000],
  ]);
});

test('a holder that stays silent for its lease’s duration is no holder in the end', () => {
  expect(spans([seen(0, 'master-1')], 15_000)).toEqual([
    ['master-1', -1000, -1000],
    [undefined, -1000, 14_000],
  ]);
});

test('a holder that cluster.yaml does not know is shown by its own name, and leases are independent', () => {
  const stranger = seen(500, undefined, { holder: 'stranger_2', lease: 'kube-controller-manager' });
  expect(holdingsOf([seen(0, 'master-1'), stranger], 0, 1000).map(({ what, host }) => [what, host])).toEqual([
    ['kube-controller-manager', 'stranger_2'],
    ['kube-scheduler', 'master-1'],
  ]);
});
