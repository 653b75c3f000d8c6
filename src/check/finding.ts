/** From the gravest on. */
export const severities = ['critical', 'warning', 'info'] as const;

/** `critical`: the cluster has lost something that it needs, or soon will. `warning`: to be fixed at the next opportunity. */
export type Severity = (typeof severities)[number];

/** One thing that is not as it should be. Its texts may come from a host or an API server. */
export interface Finding {
  /** `KIND/SUBJECT`, or with a further part: the same matter has the same id in each check. */
  readonly id: string;
  readonly severity: Severity;
  /** A host, a node, or the name of the cluster for what is of no single host. */
  readonly subject: string;
  readonly message: string;
  /** The fix, as one sentence with a capital and a full stop. */
  readonly fix: string;
}

/** Whether nothing critical was found: other work may go on. */
export function isGo(findings: readonly Finding[]): boolean {
  return !findings.some(({ severity }) => severity === 'critical');
}

/** The findings that are at least this grave. */
export function atLeast(severity: Severity, findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((each) => severities.indexOf(each.severity) <= severities.indexOf(severity));
}

/** The gravest first, then by id; each id once, with the texts of all that share it. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const byId = [...Map.groupBy(findings, ({ id }) => id).values()];
  return byId.flatMap((same) => merged(same) ?? []).toSorted(compared);
}

function compared(one: Finding, other: Finding): number {
  const rank = severities.indexOf(one.severity) - severities.indexOf(other.severity);
  return rank || one.id.localeCompare(other.id);
}

function merged(same: readonly Finding[]): Finding | undefined {
  const [gravest] = same.toSorted(compared);
  const texts = [...new Set(same.map(({ message }) => message))];
  return gravest && { ...gravest, message: texts.join('; ') };
}
