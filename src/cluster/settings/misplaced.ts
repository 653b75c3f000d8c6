import { type Finding, formatPath } from '../finding.ts';
import { type Given, plainName } from './given.ts';
import type { Setting } from './rule.ts';
import { settings } from './table.ts';

type SettingsOf = (given: Given) => readonly Setting[];

/**
 * Keys without a value, or with one that is not a map, in the place of a key with settings of the product: the component's own default
 * would apply, for example no rotation of certificates.
 */
export function replacedFindings(given: readonly Given[], settingsOf: SettingsOf): readonly Finding[] {
  const replacing = given.filter((each) => each.kind === 'key' && (hasKeysBelow(each) || isEmpty(each, settingsOf)));
  return replacing.map(({ path, words, raw }) => ({
    code: 'CLUSTER_CONFIG',
    path,
    message: `${raw === null ? `${formatPath(path)} has no value, and` : words} removes what the product sets there.`,
    hint: 'Write a value, or remove the key.',
  }));
}

function isEmpty(given: Given, settingsOf: SettingsOf): boolean {
  return given.raw === null && settingsOf(given).length > 0;
}

function hasKeysBelow({ component, name }: Given): boolean {
  return settings[component].some(({ key = '' }: Setting) => {
    const steps = key.split('.');
    return steps.slice(1).some((_, index) => plainName(steps.slice(0, index + 1).join('')) === plainName(name));
  });
}

const words = { boolean: 'true or false', number: 'a number' };

/** Values that the component can't parse: `"true"` and `yes` are texts, and it would not start. */
export function typeFindings(given: readonly Given[], settingsOf: SettingsOf): readonly Finding[] {
  return given.flatMap((each): readonly Finding[] => {
    if (each.path[1] !== 'config' || each.raw === null) return [];
    const expected = settingsOf(each).flatMap(({ rules }) => rules.flatMap(({ values }) => values?.type ?? []))[0];
    if (expected === undefined || typeof each.raw === expected) return [];
    const message = `${each.words} is not ${words[expected]}.`;
    return [
      {
        code: 'CLUSTER_CONFIG',
        path: each.path,
        message,
        hint: `Write ${words[expected]}, without quotes, or remove it.`,
      },
    ];
  });
}
