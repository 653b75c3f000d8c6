import { expect, test } from '@jest/globals';
import { isInside, parseWindow } from '../../../src/failover/check/window.ts';

function inside(text: string, at: string): boolean {
  const window = parseWindow(text);
  if (!window) throw new Error(text);
  return isInside(window, new Date(at));
}

// 2026-11-23 is a Monday.
test.each([
  ['01:00-05:00', '2026-11-23T01:00Z', true],
  ['01:00-05:00', '2026-11-23T05:00Z', false],
  ['22:00-04:00', '2026-11-23T23:30Z', true],
  ['22:00-04:00', '2026-11-24T03:59Z', true],
  ['22:00-04:00', '2026-11-24T12:00Z', false],
  ['mon 22:00-04:00', '2026-11-24T01:00Z', true],
  ['mon 22:00-04:00', '2026-11-23T01:00Z', false],
  ['Mon-Fri 00:00-24:00', '2026-11-27T23:59Z', true],
  ['mon-fri 00:00-24:00', '2026-11-28T00:00Z', false],
  ['sat-sun,wed 00:00-24:00', '2026-11-29T10:00Z', true],
  ['sat-mon 00:00-24:00', '2026-11-23T10:00Z', true],
])('%s contains %s: %s', (text, at, expected) => {
  expect(inside(text, at)).toBe(expected);
});

test.each([
  '',
  '1:00-5:00',
  '01:00',
  '01:00-01:00',
  '25:00-26:00',
  '01:60-02:00',
  'noon 01:00-02:00',
  'mon- 01:00-02:00',
])('%j is not a window', (text) => {
  expect(parseWindow(text)).toBeUndefined();
});
