import { knowsNamesOnly } from './checks/github-issuer.ts';
import { beginningOf } from './checks/token-mappings.ts';
import { formatPath, type Path, quote } from './finding.ts';
import type { ClusterFile } from './schema.ts';
import { judgeSettings } from './settings/judge.ts';

/** One value of cluster.yaml that is allowed but lowers the product's security. Every plan reports it. */
export interface Opening {
  /** Its line in cluster.yaml, 1-based. */
  readonly line: number;
  readonly column: number;
  /** The setting and its value: `apiServer.extraArgs profiling=true`. */
  readonly setting: string;
  /** The effect of the value; continues the setting: `serves profiles of the process`. */
  readonly effect: string;
  /** The recommendation of the CIS benchmark 1.12 that the value violates. */
  readonly cis?: string;
}

/** The same, with its path in the data. */
export interface OpeningFinding extends Omit<Opening, 'line' | 'column'> {
  readonly path: Path;
}

/** All allowed values of a file that a reviewer should see. Pure. */
export function openingFindings(file: ClusterFile): readonly OpeningFinding[] {
  return [...settingOpenings(file), ...tokenOpenings(file), ...sourceOpenings(file), ...gateOpenings(file)];
}

/** The opening that a mirror by http is, if the file has one. With a lock it is none: hosts refuse other bytes than the lock's. */
export function plainMirror(openings: readonly Opening[]): Opening | undefined {
  return openings.find(({ setting }) => setting.startsWith('mirror '));
}

/** One line for a log: the setting, its effect, and its position. */
export function describeOpening({ setting, effect, cis, line }: Opening): string {
  return `opens: ${setting} ${effect} (line ${line}${cis === undefined ? '' : `, CIS ${cis}`})`;
}

function settingOpenings(file: ClusterFile): readonly OpeningFinding[] {
  return judgeSettings(file, 'opens').map(({ given, rule }) => ({
    path: given.path,
    setting: given.path[1] === 'config' ? given.words : `${given.component}.extraArgs ${given.words}`,
    effect: rule.message,
    ...(rule.cis !== undefined && { cis: rule.cis }),
  }));
}

/** Further issuers that may authenticate clients. */
function tokenOpenings({ apiServer }: ClusterFile): readonly OpeningFinding[] {
  return apiServer.authentication.jwt.flatMap((entry, index) => {
    const { issuer, claimMappings, claimValidationRules } = entry;
    const base = ['apiServer', 'authentication', 'jwt', index];
    const path = [...base, 'issuer', 'url'];
    const setting = `${formatPath(base)} ${quote(issuer.url)}`;
    const rules = claimValidationRules.length;
    const audiences = issuer.audiences.map(quote).join(', ');
    const bare = (['username', 'groups'] as const).filter((name) => isBare(claimMappings[name]));
    return [
      {
        path,
        setting,
        effect: `accepts its tokens for ${audiences} that keep ${rules} ${rules === 1 ? 'rule' : 'rules'}`,
      },
      ...(knowsNamesOnly(entry)
        ? [{ path, setting, effect: 'knows repositories by names, which others may have later: use repository_id' }]
        : []),
      ...bare.map((name) => ({
        path: [...base, 'claimMappings', name],
        setting: formatPath([...base, 'claimMappings', name]),
        effect: 'takes names out of tokens as they are, so that they may be those of others',
      })),
    ];
  });
}

function isBare(mapping: Parameters<typeof beginningOf>[0] | undefined): boolean {
  return mapping !== undefined && !beginningOf(mapping);
}

/** What runs on the runner. */
function gateOpenings({ upgrade: { gate } }: ClusterFile): readonly OpeningFinding[] {
  if (gate === undefined) return [];
  const path = ['upgrade', 'gate'];
  return [{ path, setting: `${formatPath(path)} ${quote(gate)}`, effect: 'runs on the runner during an upgrade' }];
}

/** The sources of programs and images. */
function sourceOpenings({ mirror, containerd }: ClusterFile): readonly OpeningFinding[] {
  const plain = (path: Path, url: string, effect: string): readonly OpeningFinding[] =>
    /^http:/i.test(url) ? [{ path, setting: `${formatPath(path)} ${quote(url)}`, effect }] : [];
  return [
    ...plain(['mirror'], mirror ?? '', 'lets anyone on the way replace programs that run as root'),
    ...Object.entries(containerd.registries).flatMap(([name, { mirrors, skipVerify }]) => {
      const path = ['containerd', 'registries', name];
      const unverified = [...path, 'skipVerify'];
      const effect = 'takes images from anyone who answers for the mirror';
      return [
        ...mirrors.flatMap((url, index) =>
          plain([...path, 'mirrors', index], url, 'lets anyone on the way replace images'),
        ),
        ...(skipVerify ? [{ path: unverified, setting: `${formatPath(unverified)} true`, effect }] : []),
      ];
    }),
  ];
}
