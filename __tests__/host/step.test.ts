import { expect, test } from '@jest/globals';
import type { Change } from '../../src/host/engine.ts';
import { changesOf, type Step } from '../../src/host/step.ts';

const step = (reason: string, kind: Change['kind'] = 'unit', subject = 'etcd.service'): Step => ({
  do: 'reload',
  change: { kind, subject, reason },
});
const told = (...steps: readonly Step[]) => changesOf(steps).map(({ kind, reason }) => `${kind}: ${reason}`);

test('what differs about one subject is told in one change, each reason once', () => {
  expect(told(step('mode 644 → 600'), step('not enabled'), step('not enabled'))).toEqual([
    'unit: mode 644 → 600, not enabled',
  ]);
});

test('of what is missing nothing else is told, whichever step comes first', () => {
  expect(told(step('its record of starts differs'), step('missing'), step('not enabled'))).toEqual(['unit: missing']);
});

test('a start is a change of its own', () => {
  expect(told(step('missing'), step('not running', 'start'))).toEqual(['unit: missing', 'start: not running']);
});
