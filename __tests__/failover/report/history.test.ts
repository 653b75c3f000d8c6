import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { appendHistory, comparable, readHistory, trendOf } from '../../../src/failover/report/history.ts';
import type { Night } from '../../../src/failover/report/schema.ts';
import { regressions, trendTable } from '../../../src/failover/report/trend-table.ts';
import { nightsBefore } from './nights.ts';

const night = (change: Partial<Night> = {}): Night => ({ ...tonight, ...change });
const [tonight = {} as Night] = nightsBefore(1, { began: '2026-11-23T02:17:04.000Z' });
const trendsOf = (history: readonly Night[], figures: Night) => trendOf({ history: [...history], figures });
const rejoin = (before: readonly (number | null)[], now: number | null) =>
  trendOf({ history: before.map((rejoinMs) => night({ rejoinMs })), figures: night({ rejoinMs: now }) }).find(
    ({ figure }) => figure === 'rejoinMs',
  );

test('appended nights are read again, the newest last, for any number of them and any other lines between', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(99_999), { maxLength: 20 }), fc.string(), (figures, noise) => {
      const nights = figures.map((rejoinMs, index) => night({ rejoinMs, requests: index }));
      const text = nights.reduce((so, one) => appendHistory(so, one), noise.replaceAll('\n', ''));
      expect(readHistory(text)).toEqual(nights);
    }),
  );
});

test('a line that a killed run truncated is skipped alone, and is kept', () => {
  const whole = appendHistory('', night({ requests: 1 }));
  const cut = whole + JSON.stringify(night()).slice(0, 40);
  const text = appendHistory(cut, night({ requests: 2 }));
  expect(readHistory(text).map(({ requests }) => requests)).toEqual([1, 2]);
  expect(text.split('\n')).toHaveLength(4);
});

test('a check that is added twice is one line, and the file does not grow without limit', () => {
  expect(appendHistory(appendHistory('', night()), night())).toBe(appendHistory('', night()));
  const long = Array.from({ length: 1200 }, (_, requests) => JSON.stringify(night({ requests }))).join('\n');
  const nights = readHistory(appendHistory(long, night({ requests: 1200 })));
  expect([nights.length, nights[0]?.requests, nights.at(-1)?.requests]).toEqual([1000, 201, 1200]);
});

test('lines of other formats and later versions are skipped', () => {
  const others = ['null', '3', '[]', '{}', '{"schemaVersion":1}', JSON.stringify({ ...night(), schemaVersion: 2 })];
  expect(readHistory(others.join('\n'))).toEqual([]);
});

test('nights of another cluster, with another fault or of later are not compared', () => {
  const others = [night({ cluster: 'b' }), night({ fault: 'freeze' }), night({ began: '2027-01-01T00:00:00.000Z' })];
  const [before = night()] = nightsBefore(2);
  expect(comparable([...others, before], night())).toEqual([before]);
});

test.each<[string, readonly (number | null)[], number | null, boolean]>([
  ['more than 30 % and a second above the median', [10_000, 10_000, 10_000], 13_001, true],
  ['30 % above it', [10_000, 10_000, 10_000], 13_000, false],
  ['much of a little', [300, 300, 300], 1290, false],
  ['little of much', [60_000, 60_000, 60_000], 75_000, false],
  ['two nights to compare with', [10_000, 10_000], 99_000, false],
  ['one bad night among good ones', [10_000, 10_000, 90_000, 10_000], 14_000, true],
  ['bad nights that are long past', [...Array(9).fill(90_000), ...Array(7).fill(10_000)], 14_000, true],
  ['nights without the figure', [null, 10_000, null, 10_000, 10_000], 14_000, true],
  ['a night that never came to it', [10_000, 10_000, 10_000], null, false],
])('whether it is a regression: %s', (_, before, now, regressed) => {
  expect(rejoin(before, now)?.regressed).toBe(regressed);
});

test('the change is since the night before; an even number of nights has the middle of two as its median', () => {
  expect(rejoin([1000, 2000, 4000, 9000], 8500)).toMatchObject({ change: -500, median: 3000, current: 8500 });
  expect(rejoin([1000, null], 8500)?.change).toBeUndefined();
});

test('the summary has a line for each figure, and a warning names what got worse', () => {
  const trends = trendsOf(nightsBefore(8), night({ rejoinMs: 40_000, transferMs: 17_000 }));
  const table = trendTable(trends);
  expect(table).toMatch(/\| back in step \| [▁-█]{8}█ \| 40\.0 s \| \+\d\d\.\d s \| \d\d\.\d s ⚠ slower than usual \|/);
  expect(table.split('\n')).toHaveLength(7);
  expect(regressions(trends)).toEqual([
    expect.stringMatching(/^back in step: 40\.0 s, while the median of the last nights is 1\d\.\d s$/),
  ]);
});

test('the first night has no trend', () => {
  expect(trendTable(trendOf({ history: [], figures: night() }))).toBe('');
});
