import { cell, folded, list, table } from '../../markdown.ts';
import type { ProbeFigures } from '../instruments/samples.ts';
import { relative } from '../instruments/timeline.ts';
import type { FailoverResult, UpgradeStep } from '../result.ts';
import type { Verdict } from '../verdict.ts';
import { gantt } from './gantt.ts';
import { headline, noProbes, stepHead, stepRows } from './words.ts';

/** GitHub refuses a step summary of more than 1 MiB completely. */
const mostBytes = 1024 * 1024 - 4096;
const mostRows = 300;

/** The check as Markdown for a job's summary, with the trend over the nights if there is one. */
export function report(result: FailoverResult, verdict: Verdict, trend = ''): string {
  const { cluster, target, fault, began } = result;
  const good = verdict.failures.length === 0;
  const text = [
    `## ${good ? '✅' : '❌'} ${cell(cluster)}: ${cell(headline({ target, fault }))}`,
    `Began ${cell(began)}.`,
    list([...verdict.failures, ...verdict.passes].map((line) => `${line.good ? '✅' : '❌'} ${line.text}`)),
    figures(result),
    trend,
    `\`\`\`mermaid\n${gantt(result)}\n\`\`\``,
    errorsTable(result),
    timelineTable(result),
  ].filter((part) => part !== '');
  // The last parts are the longest and the least important.
  while (Buffer.byteLength(text.join('\n\n')) > mostBytes && text.length > 1) text.pop();
  return `${text.join('\n\n')}\n`;
}

const ms = (value: number | undefined): string => (value === undefined ? '–' : `${value} ms`);

const connections: Readonly<Record<ProbeFigures['kind'], string>> = {
  new: 'one for each read',
  kept: 'kept',
  write: 'one for each write',
  watch: 'a watch',
  direct: 'its own API server',
  service: 'a Service by name',
};

function figures(result: FailoverResult): string {
  const leases = result.transfers.map(({ lease, from, to, lastRenewedMs, takenMs, transitions }) => [
    lease,
    from ?? '–',
    transitions === 0 ? '(stayed)' : (to ?? '–'),
    transitions === 0 ? '–' : ms(lastRenewedMs),
    ms(takenMs),
    transitions,
  ]);
  const probes = result.probes.map((probe) => [
    probe.host,
    connections[probe.kind],
    probe.requests,
    probe.failed,
    // A watch only counts events.
    ...(probe.kind === 'watch' ? ['–', '–'] : [ms(probe.medianMs), ms(probe.slowestMs)]),
    ms(probe.longestGapMs),
  ]);
  const { restoreMs, rejoinMs, steps } = result;
  const heads = ['lease', 'before', 'after', 'last renewed', 'taken', 'transitions'];
  return [
    steps === undefined ? table(heads, leases) : stepTable(steps),
    probes.length === 0
      ? noProbes(steps !== undefined)
      : table(['asked through', 'connections', 'requests', 'failed', 'median', 'slowest', 'longest gap'], probes),
    steps === undefined
      ? `Restore began at ${relative(restoreMs)}; back in step ${rejoinMs === undefined ? 'never' : `${ms(rejoinMs)} later`}.`
      : `The upgrade ended at ${relative(restoreMs)}.`,
  ].join('\n\n');
}

function stepTable(steps: readonly UpgradeStep[]): string {
  return table(stepHead, stepRows(steps));
}

function errorsTable({ probes }: FailoverResult): string {
  const rows = probes.flatMap(({ host, kind, errors }) =>
    errors.slice(0, 10).map(({ error, count }) => [host, kind, error.slice(0, 200), count]),
  );
  return rows.length === 0 ? '' : table(['API through', 'connections', 'failed with', 'times'], rows);
}

function timelineTable({ timeline }: FailoverResult): string {
  const rows = timeline
    .slice(0, mostRows)
    .map((moment) => [relative(moment.ms), moment.track, moment.what.slice(0, 300)]);
  return folded('Timeline', table(['time', 'seen by', 'what'], rows));
}
