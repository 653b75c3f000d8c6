import { expect, test } from '@jest/globals';
import { relative, timelineOf } from '../../../src/failover/instruments/timeline.ts';
import {
  allElsewhere,
  type LeaseSighting,
  leaseEvents,
  transferOf,
} from '../../../src/failover/instruments/transfers.ts';

const faultAt = 100_000;

function seen(at: number, host: string | undefined, transitions = 0, holder = host ? `${host}_1` : ''): LeaseSighting {
  const lease = 'kube-scheduler' as const;
  return {
    at: faultAt + at,
    lease,
    holder,
    host,
    transitions,
    acquired: undefined,
    renewed: undefined,
    durationSeconds: 15,
  };
}

const lost = [
  seen(-2500, 'master-1'),
  seen(-500, 'master-1'),
  seen(16_204, 'master-3', 1),
  seen(18_210, 'master-3', 1),
];

test('a transfer is from the last renewal by the old to the first of the new', () => {
  expect(transferOf(seen(-9000, 'master-1'), 'master-1', lost, faultAt)).toEqual({
    lease: 'kube-scheduler',
    from: 'master-1',
    to: 'master-3',
    expected: true,
    lastRenewedMs: -500,
    takenMs: 16_204,
    transitions: 1,
  });
});

test('a released lease is acquired by the next holder, not by an empty one', () => {
  const released = [seen(-500, 'master-1'), seen(40, undefined, 0), seen(900, 'master-2', 1)];
  expect(transferOf(seen(-500, 'master-1'), 'master-1', released, faultAt)).toMatchObject({
    to: 'master-2',
    takenMs: 900,
  });
});

test('a lease that no host acquired has no new holder, and one that stayed has no transitions', () => {
  expect(transferOf(seen(-500, 'master-1'), 'master-1', lost.slice(0, 2), faultAt)).toMatchObject({ to: undefined });
  const stayed = [seen(-500, 'master-2'), seen(1500, 'master-2')];
  expect(transferOf(seen(-500, 'master-2'), 'master-1', stayed, faultAt)).toMatchObject({
    expected: false,
    transitions: 0,
  });
});

test('a lease has moved when its new holder has renewed it once', () => {
  const moved = (count: number) => allElsewhere(['kube-scheduler'], 'master-1', lost.slice(0, count));
  expect([2, 3, 4].map(moved)).toEqual([false, false, true]);
  expect(allElsewhere(['kube-scheduler', 'kube-controller-manager'], 'master-1', lost)).toBe(false);
});

test('the timeline has each change of holder once, in order, around the fault', () => {
  const fault = { at: faultAt, track: 'fault' as const, what: 'poweroff begins' };
  expect(timelineOf([fault, ...leaseEvents(lost)], faultAt).map(({ ms, what }) => `${relative(ms)} ${what}`)).toEqual([
    '−2.500 s kube-scheduler: held by master-1',
    '−0.500 s kube-scheduler: last renewal by master-1',
    '+0.000 s poweroff begins',
    '+16.204 s kube-scheduler: taken by master-3, transition 1',
  ]);
});
