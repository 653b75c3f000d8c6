import { expect, test } from '@jest/globals';
import type { Change } from '../../src/host/engine.ts';
import { changesOf, type Step } from '../../src/host/step.ts';

const step = (reason: string, kind: Change['kind'] = 'unit', subject = 'etcd.service'): Step => ({
  do: 'reload',
  change: { kind, subject, reason },
});
const reported = (...steps: readonly Step[]) => changesOf(steps).map(({ kind, reason }) => `${kind}: ${reason}`);

test('all differences of one subject are reported as one change, each reason once', () => {
  expect(reported(step('mode 644 → 600'), step('not enabled'), step('not enabled'))).toEqual([
    'unit: mode 644 → 600, not enabled',
  ]);
});

test('for a missing subject nothing else is reported, in any order of the steps', () => {
  expect(reported(step('its record of starts differs'), step('missing'), step('not enabled'))).toEqual([
    'unit: missing',
  ]);
});

test('a start is a change of its own', () => {
  expect(reported(step('missing'), step('not running', 'start'))).toEqual(['unit: missing', 'start: not running']);
});
