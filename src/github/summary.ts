import { redact } from '../host/redact.ts';
import { escaped, folded, list, table } from '../markdown.ts';
import type { Run } from '../phases/run.ts';
import { duration } from './log.ts';
import { addSummary } from './runner.ts';

/** GitHub drops a step's summary that exceeds 1 MiB; this limit is slightly lower. */
const limit = 1_000_000;

type Change = Run['results'][number]['changes'][number];

/** Writes Markdown to the job summary, if there is one. A long summary is cut, with a note. */
export async function writeSummary(markdown: string): Promise<void> {
  if (!process.env.GITHUB_STEP_SUMMARY) return;
  await addSummary(cut(markdown));
}

/** Cut at the end of a line and outside a collapsed section, where the note would be hidden. */
function cut(markdown: string): string {
  if (Buffer.byteLength(markdown) <= limit) return markdown;
  const begin = Buffer.from(markdown).subarray(0, limit).toString();
  const lines = begin.slice(0, begin.lastIndexOf('\n') + 1) || begin;
  const open = lines.lastIndexOf('<details>') > lines.lastIndexOf('</details>');
  return `${lines}${open ? '\n</details>\n' : ''}\n… cut: the log has the rest.\n`;
}

/** The summary of a run by host and by phase. Pure. */
export function summaryOf(title: string, run: Run): string {
  const total = run.timings.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const parts = [
    `## ${title} of ${escaped(run.cluster.name)}: ${verdictOf(run)} in ${duration(total)}`,
    openingTable(run),
    hostTable(run),
    table(
      ['phase', 'time:'],
      run.timings.map(({ phase, milliseconds }) => [phase, duration(milliseconds)]),
    ),
    changeTable(run),
    folded(`Certificates: ${run.issued.length}`, list(run.issued)),
    folded(`Objects of the cluster: ${run.objects.length}`, list(run.objects)),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function verdictOf({ dryRun, results, objects, issued }: Run): string {
  const changes = results.reduce((sum, result) => sum + result.changes.length, 0);
  if (changes + objects.length === 0) return dryRun ? 'dry run, nothing to change' : 'nothing to change';
  const counts = [
    ...(changes > 0 ? [counted(changes, 'change', 'changes', ' on hosts')] : []),
    ...(objects.length > 0 ? [counted(objects.length, 'object', 'objects', ' of the cluster')] : []),
    ...(issued.length > 0 ? [counted(issued.length, 'certificate', 'certificates')] : []),
  ];
  return `${dryRun ? 'dry run, ' : ''}${counts.join(', ')}`;
}

function counted(count: number, one: string, more: string, rest = ''): string {
  return `${count} ${count === 1 ? one : more}${rest}`;
}

/** The hosts of the run, in the order of cluster.yaml. A matrix job has one. */
function hostsOf(run: Run): Run['cluster']['hosts'] {
  const names = new Set([...run.targets.values()].flat().map(({ name }) => name));
  return run.cluster.hosts.filter(({ name }) => names.has(name));
}

function hostTable(run: Run): string {
  const rows = hostsOf(run).map(({ name, roles }) => {
    const own = run.results.filter(({ host }) => host === name);
    const changes = own.flatMap((result) => result.changes);
    const count = String(changes.length);
    if (run.dryRun) return [name, roles.join(', '), count, unitsIn(changes)];
    const restarted = own.flatMap((result) => result.restarted).join(', ');
    const took = own.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return [name, roles.join(', '), count, restarted || '–', duration(took)];
  });
  if (rows.length === 0) return '';
  const heads = run.dryRun ? ['would change:', 'would restart'] : ['changes:', 'restarted', 'time:'];
  return table(['host', 'roles', ...heads], rows);
}

/** Findings that a reviewer must see first: not collapsed. */
function openingTable({ dryRun, cluster }: Run): string {
  if (!dryRun || cluster.openings.length === 0) return '';
  const rows = cluster.openings.map(({ line, setting, effect, cis }) => [String(line), setting, effect, cis ?? '']);
  return `### cluster.yaml opens\n\n${table(['line:', 'setting', 'it …', 'CIS'], rows)}`;
}

/** The units that a plan would restart. */
function unitsIn(changes: readonly Change[]): string {
  return (
    changes
      .filter(({ kind }) => kind === 'restart')
      .map(({ subject }) => subject)
      .join(', ') || '–'
  );
}

/** The hosts in the order of cluster.yaml, so that two plans can be diffed. */
function changeTable(run: Run): string {
  const rows = run.cluster.hosts.flatMap(({ name }) =>
    run.results
      .filter(({ host }) => host === name)
      .flatMap(({ changes }) =>
        changes.map(({ kind, subject, reason }) => [name, `${kind} ${subject}`, redact(reason)]),
      ),
  );
  return folded(`Changes on hosts: ${rows.length}`, rows.length > 0 ? table(['host', 'what', 'why'], rows) : '');
}
