import { expect, test } from '@jest/globals';
import { figureManifests } from '../../docs/figure-manifest.ts';
import { keptFigures, limited, upgradeFigures } from '../../src/failover/figure-groups.ts';
import { figures } from '../../src/failover/figures.ts';
import { outputsOf } from '../../src/failover/outputs.ts';
import { nightOf } from '../../src/failover/report/json.ts';
import { reportJsonSchema } from '../../src/failover/report/schema.ts';
import { defaultThresholds, judge } from '../../src/failover/verdict.ts';
import { textOf } from '../contract/tree.ts';
import { failover } from './report/nights.ts';

const namesOf = (rows: typeof figures) => rows.flatMap(({ id, output, limit }) => [id, output, limit?.input]);

test('no name is used twice, and each figure has an output or a limit', () => {
  const names = namesOf(figures).filter((name) => name !== undefined);
  // `requests` is the name of a figure and of its output.
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual(['requests']);
  expect(figures.filter(({ output, limit }) => output === undefined && limit === undefined)).toEqual([]);
});

test('a figure that is a part of another one names an existing figure', () => {
  const parts = figures.filter(({ of }) => of !== undefined);
  expect(parts.filter(({ of }) => !figures.some(({ id }) => id === of))).toEqual([]);
});

test('outputs and history have the same value of a figure', () => {
  const result = failover({ placedMs: 18_000, nodes: { notReady: 1, renewalGapMs: 10_050 } });
  const night = nightOf(result, judge(result, defaultThresholds));
  const outputs = outputsOf(result);
  const both = keptFigures.filter(({ output }) => output !== undefined);
  expect(both.map(({ output = '' }) => outputs[output])).toEqual(both.map(({ id }) => String(night[id])));
  expect(both.length).toBeGreaterThan(10);
});

test('each finding has its figure, value and limit in addition to its text', () => {
  const result = failover({ troubles: ['failed to restore master-1'] });
  const { passes, failures } = judge(result, { ...defaultThresholds, rejoinMs: 1000 });
  expect(failures.at(-2)).toMatchObject({ good: false, figure: 'rejoinMs', value: 21_870, limit: 1000 });
  expect(failures.at(-1)).toEqual({ good: false, text: 'failed to restore master-1' });
  expect(passes.filter(({ figure, limit }) => figure === undefined || limit === undefined)).toEqual([]);
});

test('the JSON schema of a report describes every figure of the history', () => {
  const text = JSON.stringify(reportJsonSchema());
  expect(keptFigures.filter(({ id, what }) => !text.includes(`"${id}":`) || !text.includes(what))).toEqual([]);
});

test.each([...figureManifests])('%s gets what it has of the table, and only between its marks', (path, withFigures) => {
  const text = textOf(path);
  const without = text.replace(/^( {2}# (?:inputs|outputs) of .*\n)[\s\S]*?^( {2}# end of these)/gm, '$1$2');
  expect(without.length).toBeLessThan(text.length - 500);
  expect(withFigures(without)).toBe(text);
  expect(() => withFigures('name: x\n')).toThrow('an action.yml has no place for the');
});

test('every limit is an input of verify-failover, and every figure of an upgrade an output of the one-job action', () => {
  const check = textOf('verify-failover/action.yml');
  expect(limited.filter(({ limit }) => !check.includes(`\n  ${limit.input}:\n`))).toEqual([]);
  const upgrade = textOf('action.yml');
  expect(upgradeFigures.filter(({ output }) => output && !upgrade.includes(`\n  ${output}:\n`))).toEqual([]);
});
