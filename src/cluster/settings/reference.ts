import type { Rule, Setting } from './rule.ts';
import { settings } from './table.ts';

/** The part of docs/cluster-yaml.md about values for components: one table for each, generated from the rules that judge the file. */
export function judgedSettings(): string {
  const parts = Object.entries(settings).map(([component, all]) =>
    [
      `### ${component}\n`,
      '| flag | key of `config` | values | verdict | it … | instead | CIS |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      ...all.flatMap((setting: Setting) => setting.rules.map((rule) => row(setting, rule))),
      '',
    ].join('\n'),
  );
  return [introduction, ...parts].join('\n');
}

const introduction = `## Flags and settings that are refused or reported

Each entry of \`extraArgs\` is a flag’s \`name\`, without hyphens, and its \`value\`, always as text. \`config\` is merged into the
component’s configuration file. Both override what the product sets, but for these:

- **refused**: the value would break the cluster or a promise of [SECURITY.md](../SECURITY.md). No host is touched.
- **opens**: the value is allowed. \`plan\` and every dry run report it, in the log, as an annotation and in the summary.

A value that departs from the CIS benchmark 1.12 has the number of its recommendation. A feature gate is judged the same
in \`feature-gates\` and in \`featureGates\`. Names of keys are compared without their case, hyphens and underscores.
`;

function row({ flag, key, gate }: Setting, rule: Rule): string {
  const name = gate === undefined ? flag : `feature-gates=${gate}`;
  const path = gate === undefined ? key : undefined;
  const cells = [
    code(name),
    code(path),
    rule.values?.words ?? 'any',
    rule.verdict,
    rule.message,
    rule.hint,
    rule.cis ?? '',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '\\<')).join(' | ')} |`;
}

function code(name: string | undefined): string {
  return name === undefined ? '' : `\`${name}\``;
}
