import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Rule, Setting } from '../../../src/cluster/settings/rule.ts';
import { type Component, settings } from '../../../src/cluster/settings/table.ts';
import { config, flags, refusalsOf, verdictOn, verdictOnText } from './judged.ts';

// What must hold for every row of the table.

interface Row {
  readonly component: Component;
  readonly setting: Setting;
  readonly rule: Rule;
}

const rows: readonly Row[] = Object.entries(settings).flatMap(([component, all]) =>
  all.flatMap((setting: Setting) =>
    setting.rules.map((rule) => ({ component: component as Component, setting, rule })),
  ),
);
const described = rows.map(
  (row) => [`${row.component} ${row.setting.flag ?? row.setting.key ?? row.setting.gate}`, row] as const,
);
const switches = described.filter(([, { rule }]) => rule.values?.words === 'true' || rule.values?.words === 'false');
const hasArgs = ({ component }: Row) => component !== 'containerd';
const bad = ({ rule }: Row): boolean => rule.values?.words === 'true';

/** A configuration file with one value at a path. */
const nested = (path: string, value: unknown): unknown =>
  path
    .replace(/^\*\./, '')
    .split('.')
    .reduceRight<unknown>((below, step) => ({ [step]: below }), value);

describe('A switch', () => {
  const byFlag = switches.filter(([, row]) => row.setting.flag !== undefined && hasArgs(row));

  test.each(byFlag)('of a flag is judged in each of Go’s spellings: %s', (_, row) => {
    const spellings = bad(row)
      ? ['1', 't', 'T', 'true', 'TRUE', 'True', ' true ']
      : ['0', 'f', 'F', 'false', 'FALSE', 'False'];
    for (const value of spellings)
      expect([value, verdictOn(flags(row.component, `${row.setting.flag}=${value}`))]).toEqual([
        value,
        row.rule.verdict,
      ]);
  });

  const byKey = switches.filter(([, { setting }]) => setting.key !== undefined);

  test.each(byKey)('of a configuration file is judged, and its other position is not: %s', (_, row) => {
    const verdict = (value: unknown) => verdictOn(config(row.component, nested(row.setting.key ?? '', value)));
    expect(verdict(bad(row))).toBe(row.rule.verdict);
    expect(verdict(!bad(row))).toBe('silent');
    // Texts, which the component would not read.
    for (const text of ['yes', 'true', 'false', '1']) expect(verdict(text)).toBe('refused');
  });

  const byGate = switches.filter(([, row]) => row.setting.gate !== undefined && hasArgs(row));

  test.each(byGate)('of a feature gate is judged wherever it is: %s', (_, row) => {
    const { component, setting, rule } = row;
    for (const gate of [setting.gate, `kube:${setting.gate}`])
      expect(verdictOn(flags(component, `feature-gates=WatchList=true, ${gate} = ${bad(row)}`))).toBe(rule.verdict);
  });
});

test('Every row says what the value does and what to write, and has no full stop of its own', () => {
  for (const { rule } of rows) {
    expect(rule.message).toMatch(/^[a-z].*[^.]$/);
    expect(rule.hint).toMatch(/^[A-Z]/);
  }
});

test('Any value of any setting is judged or refused, and never crashes', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('', '*', '0', 'true', '0.0.0.0', '[::]:1', 'http://[', '"', ',,'),
  );
  fc.assert(
    fc.property(fc.constantFrom(...rows), value, ({ component, setting }, given) => {
      const text = stringify({
        name: 'lab',
        [component]: {
          ...(component === 'containerd' || setting.flag === undefined
            ? {}
            : { extraArgs: [{ name: setting.flag, value: JSON.stringify(given) }] }),
          ...(setting.key === undefined ? {} : { config: nested(setting.key, given) }),
        },
        hosts: [{ name: 'a', address: '10.0.0.1', roles: ['etcd', 'master', 'node'] }],
      });
      for (const { fields } of refusalsOf(text)) expect(fields.code).toMatch(/^CLUSTER_/);
      expect(['refused', 'opens', 'silent']).toContain(verdictOnText(text));
    }),
    { numRuns: 300 },
  );
});
