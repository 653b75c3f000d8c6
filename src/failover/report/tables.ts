import { relative } from '../instruments/timeline.ts';
import { cardFigures, shownTotal, shownValue } from './card-figures.ts';
import { type Content, html, type Markup, nothing } from './markup.ts';
import type { FailoverReport, ReportProbe } from './schema.ts';
import { duration, kindInWords, noProbes, stepHead, stepRows } from './words.ts';

/** More rows do not help a reader, and slow a phone down; report.json has them all. */
const mostRows = 1000;

/** A table that scrolls by itself on a narrow screen. */
function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Content[])[],
  style = 'figures',
): Markup {
  const left = rows.length - mostRows;
  const cells = (row: readonly Content[]) =>
    row.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`));
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table class="${style}">
<caption>${caption}</caption>
<thead><tr>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.slice(0, mostRows).map((row) => html`<tr>${cells(row)}</tr>\n`)}</tbody>
</table></div>${left > 0 ? html`<p class="soft">${left} more are in report.json.</p>` : nothing}`;
}

/** A row for each lease; times are seconds from the fault. “stayed”: its holder was not the target and kept it. */
export function leaseTable({ transfers }: FailoverReport): Markup {
  const rows = transfers.map(({ lease, from, to, expected, lastRenewedMs, takenMs, transitions }) => [
    lease,
    from ?? '–',
    expected || transitions > 0 ? (to ?? 'nobody') : 'stayed',
    expected && lastRenewedMs !== null ? relative(lastRenewedMs) : '–',
    takenMs === null ? '–' : relative(takenMs),
    transitions,
  ]);
  return table('Leases', ['lease', 'before', 'after', 'last renewed', 'taken', 'transitions'], rows);
}

/** A row for each step of an upgrade. */
export function stepTable(steps: NonNullable<FailoverReport['steps']>): Markup {
  return table('Steps of the upgrade', stepHead, stepRows(steps), 'words');
}

/** A row for each client of each node; without a node, a sentence that says why there is none. */
export function probeTable({ probes, steps }: FailoverReport): Markup {
  if (probes.length === 0) return html`<p>${noProbes(steps !== undefined)}</p>`;
  const rows = probes.map((probe) => [
    probe.host,
    kindInWords(probe.kind),
    probe.requests,
    probe.failed > 0 ? html`<strong class="bad">${probe.failed}</strong>` : 0,
    ...latencies(probe),
    duration(probe.longestGapMs),
    relative(probe.longestGapAtMs),
  ]);
  const head = ['through', 'by', 'requests', 'failed', 'median', 'slowest', 'longest gap', 'gap began'];
  return table('What was asked all the time', head, rows);
}

/** Median and slowest of a client. A watch only counts events. */
function latencies({ kind, medianMs, slowestMs }: ReportProbe): readonly string[] {
  return kind === 'watch' ? ['–', '–'] : [duration(medianMs), duration(slowestMs)];
}

/** Every failed request, with its error: the crosses of the chart. */
export function failureTable({ probes }: FailoverReport): Markup {
  const rows = probes
    .flatMap(({ host, kind, samples, errors }) =>
      samples.flatMap(([start, took, error]) =>
        error === undefined
          ? []
          : [{ start, cells: [host, errors[error]?.error ?? '', kindInWords(kind), duration(took)] }],
      ),
    )
    .toSorted((one, other) => one.start - other.start)
    .map(({ start, cells }) => [relative(start), ...cells]);
  if (rows.length === 0) return html`<p class="soft">No request failed.</p>`;
  return table('Failed requests', ['begun', 'through', 'error', 'by', 'failed after'], rows, 'words');
}

/** The holder of each lease or role over time, in words: the bars of the chart. */
export function holdingTable({ holdings }: FailoverReport): Markup {
  if (holdings.length === 0) return nothing;
  const rows = holdings.map(({ what, host, fromMs, toMs, renewedMs }) => [
    what,
    host ?? html`<strong class="bad">nobody</strong>`,
    relative(fromMs),
    relative(toMs),
    duration(toMs - fromMs),
    renewedMs.length,
  ]);
  return table('Who held what', ['what', 'held by', 'from', 'until', 'for', 'renewals seen'], rows);
}

/** The whole timeline, with times from the fault; long ones are cut by `mostRows`, and report.json has all. */
export function momentTable({ timeline }: FailoverReport): Markup {
  const rows = timeline.map(({ ms, track, what }) => [relative(ms), track, what]);
  return table('Everything that was seen', ['time', 'seen by', 'what'], rows, 'words');
}

/** This check and the earlier ones, the latest first. */
export function nightTable({ history, figures }: FailoverReport): Markup {
  const rows = [...history, figures]
    .toReversed()
    .map((night) => [
      night.began.slice(0, 16).replace('T', ' '),
      night.target,
      night.passed ? 'passed' : html`<strong class="bad">failed</strong>`,
      ...cardFigures.map((figure) => `${shownValue(figure, night)}${shownTotal(figure, night)}`),
    ]);
  const head = ['began (UTC)', 'host', 'verdict', ...cardFigures.map(({ label }) => label)];
  return table('Nights, the latest first', head, rows);
}
