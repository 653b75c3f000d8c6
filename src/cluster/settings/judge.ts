import type { Finding } from '../finding.ts';
import type { ClusterFile } from '../schema.ts';
import { type Given, givenSettings, plainName } from './given.ts';
import { replacedFindings, typeFindings } from './misplaced.ts';
import type { Rule, Setting, Verdict } from './rule.ts';
import { settings } from './table.ts';

/** One value of a file that a rule applies to. */
export interface Judged {
  readonly given: Given;
  readonly rule: Rule;
}

/** The results of the rules for a file's values for components. Pure, and in linear time. */
export function judgeSettings(file: ClusterFile, verdict: Verdict): readonly Judged[] {
  return givenSettings(file).flatMap((given) => {
    const met = settingsOf(given)
      .flatMap(({ rules }) => rules)
      .filter(({ values }) => values === undefined || values.include(given.value));
    const refused = met.filter((rule) => rule.verdict === 'refused').slice(0, 1);
    // A refused value is not reported as an opening as well.
    const said = refused.length > 0 ? refused : met;
    return said.filter((rule) => rule.verdict === verdict).map((rule) => ({ given, rule }));
  });
}

/** The table's rule for a value. */
function settingsOf(given: Given): readonly Setting[] {
  return settings[given.component].filter((setting: Setting) => isAbout(setting, given));
}

function isAbout(setting: Setting, { kind, name }: Given): boolean {
  const own = setting[kind];
  if (own === undefined || kind !== 'key') return own === name;
  return own.startsWith('*.') ? plainName(name).endsWith(plainName(own.slice(2))) : plainName(own) === plainName(name);
}

/** Values of components that would defeat a promise of SECURITY.md, or keep the component from working. */
export function settingFindings(file: ClusterFile): readonly Finding[] {
  const given = givenSettings(file);
  return [
    ...replacedFindings(given, settingsOf),
    ...typeFindings(given, settingsOf),
    ...judgeSettings(file, 'refused').map((judged) => findingOf(judged, file)),
  ];
}

function findingOf({ given, rule }: Judged, file: ClusterFile): Finding {
  const { component, kind, path, name, words } = given;
  const section = file[component];
  const hint = rule.hintFor?.('extraArgs' in section ? section.extraArgs : []) ?? rule.hint;
  if (path[1] === 'config') return { code: 'CLUSTER_CONFIG', path, message: `${words} ${rule.message}.`, hint };
  const isNamed = kind === 'flag' && rule.values === undefined && rule.hintFor === undefined;
  const shown = isNamed ? name : words;
  return { code: 'CLUSTER_FLAG', path, message: `The flag ${JSON.stringify(shown)} ${rule.message}.`, hint };
}
