import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FigureId } from '../figures.ts';
import { cardFigures, shownTotal, shownValue } from './card-figures.ts';
import { type Trend, trendOf } from './history.ts';
import { chartOf, mostSamples } from './lanes.ts';
import { embeddedJson, html, Markup, nothing } from './markup.ts';
import { pageProgram } from './page-program.ts';
import type { FailoverReport } from './schema.ts';
import { sparkLine } from './sparkline.ts';
import { failureTable, holdingTable, leaseTable, momentTable, nightTable, probeTable, stepTable } from './tables.ts';
import { changeInWords, duration, headline } from './words.ts';

const css = readFileSync(new URL('./page/page.css', import.meta.url), 'utf8');

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The complete report as one page that loads nothing: its content security policy forbids requests even if a name contained markup. */
export function htmlReport(report: FailoverReport): string {
  const { cluster, passed } = report.figures;
  const script = pageProgram();
  const policy = `default-src 'none'; style-src ${hashOf(css)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${passed ? '✓' : '✗'} ${cluster}: ${headline(report.figures)}</title>
<style>${new Markup(css)}</style>
</head>
<body>
<a class="skip" href="#main">To the report</a>
${header(report)}
<main id="main">
${verdict(report)}
${figures(report)}
${chart(report)}
${details(report)}
</main>
<footer>
<p>Made by <strong>k8s-ha-action</strong>. All times are of the runner’s clock, in seconds since ${report.steps ? 'the upgrade' : 'the fault'} began. The same data, with every request, is in <code>report.json</code>.</p>
</footer>
<script type="application/json" id="data">${embeddedJson(chartOf(report))}</script>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}

function header({ figures, steps }: FailoverReport): Markup {
  const { cluster, began, passed } = figures;
  const when = `${began.slice(0, 10)} ${began.slice(11, 19)} UTC`;
  return html`<header>
<p class="over">${steps ? 'Upgrade' : 'Failover check'} of <strong>${cluster}</strong></p>
<h1>${headline(figures)}</h1>
<p class="when"><span class="badge ${passed ? 'good' : 'bad'}">${passed ? 'passed' : 'failed'}</span> <time datetime="${began}">${when}</time></p>
</header>`;
}

function verdict({ verdict: lines }: FailoverReport): Markup {
  const item = ({ good, text }: { readonly good: boolean; readonly text: string }) =>
    html`<li class="${good ? 'good' : 'bad'}"><span aria-hidden="true">${good ? '✓' : '✗'}</span><span><span class="unseen">${good ? 'passed: ' : 'failed: '}</span>${text}</span></li>\n`;
  return html`<section aria-labelledby="verdict">
<h2 id="verdict" class="unseen">Verdict</h2>
<ul class="verdict">
${lines.map(item)}</ul>
</section>`;
}

function figures(report: FailoverReport): Markup {
  const trends = new Map<FigureId, Trend>(trendOf(report).map((trend) => [trend.figure, trend]));
  return html`<section aria-labelledby="figures">
<h2 id="figures">Figures</h2>
<dl class="cards">
${cardFigures
  .filter(({ inUpgrade }) => inUpgrade || !report.steps)
  .map((figure) => card(figure, report, trends.get(figure.id)))}</dl>
</section>`;
}

function card(
  figure: (typeof cardFigures)[number],
  { figures: night, transfers }: FailoverReport,
  trend?: Trend,
): Markup {
  const change = trend
    ? html`<dd class="trend">${sparkLine(trend.values)}<span>${changeInWords(trend.change)}</span>${
        trend.regressed
          ? html`<strong class="bad">Slower than usual: the median is ${duration(trend.median)}</strong>`
          : nothing
      }</dd>`
    : nothing;
  const due = figure.id !== 'transferMs' || transfers.some(({ expected }) => expected);
  const total = shownTotal(figure, night);
  const value = html`${shownValue(figure, night, due ? 'never' : 'none had to move')}${total ? html`<small>${total}</small>` : nothing}`;
  const bad = trend?.regressed || (figure.unit === 'count' && (night[figure.id] ?? 0) > 0);
  const title = `${figure.label.charAt(0).toUpperCase()}${figure.label.slice(1)}`;
  return html`<div class="${bad ? 'card bad' : 'card'}"><dt>${title}</dt><dd class="value">${value}</dd>${change}</div>\n`;
}

type Control = readonly [id: string, label: string, sign: string];

const controls = (steps: FailoverReport['steps']): readonly Control[] => [
  ['in', 'Zoom in', '+'],
  ['out', 'Zoom out', '−'],
  ['left', 'Move to earlier', '←'],
  ['right', 'Move to later', '→'],
  steps ? ['fault', 'Zoom to the upgrade', 'Upgrade'] : ['fault', 'Zoom to the fault', 'Fault'],
  ['whole', 'Show all of the time', 'All'],
];

function chart(report: FailoverReport): Markup {
  const all = report.probes.reduce((sum, { samples }) => sum + samples.length, 0);
  const note =
    all > mostSamples
      ? html` Of ${all} requests the chart draws the slowest and the fastest of each stretch, and the failed ones.`
      : nothing;
  return html`<section aria-labelledby="timeline" class="timeline">
<div class="bar">
<h2 id="timeline">Timeline</h2>
<div role="toolbar" aria-label="Zoom" aria-controls="chart">
${controls(report.steps).map(([id, label, sign]) => html`<button type="button" data-do="${id}" aria-label="${label}" title="${label}">${sign}</button>\n`)}</div>
<output id="range" aria-label="Time shown"></output>
</div>
<div class="frame"><svg id="chart" tabindex="0" role="application" aria-roledescription="timeline" aria-label="Timeline of all instruments" aria-describedby="help"></svg><div id="tip" role="status"></div></div>
<p id="plain">The chart needs JavaScript; the tables below have all that it shows.</p>
<p id="help" class="soft">Drag to move; zoom by the buttons, by pinching, or by the wheel with Ctrl. By keyboard: arrows go from mark to mark and from line to line, <kbd>+</kbd> and <kbd>−</kbd> zoom, Shift with arrows moves, <kbd>0</kbd> shows everything. The tables below say the same in words.${note}</p>
</section>`;
}

function details(report: FailoverReport): Markup {
  const failed = report.probes.reduce((sum, probe) => sum + probe.failed, 0);
  const nights = report.history.length;
  return html`<section aria-labelledby="measured">
<h2 id="measured">Measured</h2>
${report.steps ? stepTable(report.steps) : leaseTable(report)}
${probeTable(report)}
<details${failed > 0 ? new Markup(' open') : nothing}><summary>Failed requests <span class="count">${failed}</span></summary>${failureTable(report)}</details>
<details><summary>Who held what</summary>${holdingTable(report)}</details>
<details><summary>Everything that was seen <span class="count">${report.timeline.length}</span></summary>${momentTable(report)}</details>
${nights > 0 ? html`<details><summary>Nights before <span class="count">${nights}</span></summary>${nightTable(report)}</details>` : nothing}
</section>`;
}
