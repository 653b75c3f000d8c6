import { atLeast, type Finding, isGo, type Severity, severities } from '../check/finding.ts';
import { Problem } from '../errors.ts';
import { redact } from '../host/redact.ts';
import { escaped, table } from '../markdown.ts';
import { cutLine } from '../plain-text.ts';
import { printableValue } from './log-text.ts';
import { error as annotate, info, published, setOutput, warning } from './runner.ts';
import { writeSummary } from './summary.ts';

/** From which severity on the step fails. */
export type FailOn = 'critical' | 'warning' | 'never';

/** What a check has found, ready to be reported. */
export interface Checked {
  readonly cluster: string;
  /** In order, each id once. */
  readonly findings: readonly Finding[];
  /** Until the first certificate ends; undefined: none was seen. */
  readonly expiresInDays: number | undefined;
}

/** Of one text of a finding, in characters. */
const mostText = 500;
/** Of the output, in bytes: a step can take it as a variable, of which Linux allows 128 KiB (MAX_ARG_STRLEN). */
const mostBytes = 60_000;
/** Annotations of one level that GitHub shows for a step. */
const annotated = 10;

/**
 * Writes the log, the outputs and the summary of a check.
 * @throws Problem CHECK_FINDINGS if there are findings from this severity on
 */
export async function reportCheck(checked: Checked, from: FailOn): Promise<void> {
  const findings = checked.findings.map(clean);
  tell(findings);
  setOutput('go', String(isGo(findings)));
  setOutput('expires-in-days', String(checked.expiresInDays ?? ''));
  setOutput('findings', findingsJson(findings));
  await writeSummary(checkSummary({ ...checked, findings }));
  if (from === 'never') return;
  const grave = atLeast(from, findings);
  if (grave.length === 0) return;
  throw new Problem(`${counted(grave)} in ${checked.cluster}`, {
    code: 'CHECK_FINDINGS',
    hint: 'Nothing was changed. The summary has each finding with its fix. With fail-on: never, only the outputs report them.',
  });
}

/** Texts of hosts and API servers, for the log, the output and issues: in one line, without secrets, and not too long. */
function clean({ id, severity, subject, message, fix }: Finding): Finding {
  const text = (words: string) => cutLine(printableValue(published(redact(words))), mostText);
  return { id: text(id), severity, subject: text(subject), message: text(message), fix: text(fix) };
}

function tell(findings: readonly Finding[]): void {
  const shown = new Map<Severity, number>();
  for (const finding of findings) {
    const { severity, id } = finding;
    const before = shown.get(severity) ?? 0;
    shown.set(severity, before + 1);
    const line = `${severity}: ${inWords(finding)}`;
    if (severity === 'info' || before >= annotated) info(line);
    else if (severity === 'critical') annotate(line, { title: id });
    else warning(line, { title: id });
  }
  if (findings.length === 0) info('everything is as the file says, and healthy');
}

const inWords = ({ subject, message, fix }: Finding): string => `${subject}: ${message}. ${fix}`;

/** `2 critical, 1 warning` */
function counted(findings: readonly Finding[]): string {
  return severities
    .map((severity) => [findings.filter((each) => each.severity === severity).length, severity] as const)
    .filter(([count]) => count > 0)
    .map((words) => words.join(' '))
    .join(', ');
}

/** The id of the finding that others are left out of the output. */
const leftOut = 'left-out';

/** The findings as JSON, the gravest first; if they are too many, the last one says how many are missing. Pure. */
export function findingsJson(findings: readonly Finding[], most = mostBytes): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const finding of findings) {
    const text = JSON.stringify(finding);
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > most) break;
    kept.push(text);
  }
  const missing = findings.length - kept.length;
  const note: Finding = {
    id: leftOut,
    severity: 'warning',
    subject: 'check',
    message: `${missing} more findings do not fit into the output`,
    fix: 'See the summary and the log of the check.',
  };
  return `[${[...kept, ...(missing > 0 ? [JSON.stringify(note)] : [])].join(',')}]`;
}

/** The summary of a check. Pure. */
export function checkSummary({ cluster, findings, expiresInDays }: Checked): string {
  const verdict = findings.length === 0 ? 'healthy, and as the file says' : counted(findings);
  const rows = findings.map(({ severity, subject, message, fix, id }) => [severity, subject, message, fix, id]);
  const days = expiresInDays === undefined ? '' : `The first certificate ends in ${expiresInDays} days.`;
  const parts = [
    `## Check of ${escaped(cluster)}: ${verdict}`,
    rows.length === 0 ? '' : table(['severity', 'where', 'finding', 'fix', 'id'], rows),
    days,
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}
