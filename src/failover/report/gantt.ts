import { plainLine } from '../../plain-text.ts';
import type { FailoverResult } from '../result.ts';

/** Texts at the beginning of a line that Mermaid does not take for a name. */
const keyword =
  /^(acc(title|descr)|axisformat|click|dateformat|excludes|gantt|includes|inclusiveenddates|section|tickinterval|title|todaymarker|topaxis|weekday|weekend)\b/i;

/** Mermaid ends a name at these signs, and refuses an empty one. */
function plain(text: string): string {
  const words = plainLine(text)
    .replace(/[:;,#"`<>%{}]/g, ' ')
    .split(' ')
    .filter(Boolean);
  const name = words.join(' ').slice(0, 80).trimEnd().toWellFormed();
  return keyword.test(name) ? `– ${name}` : name || '–';
}

interface Bar {
  readonly name: string;
  readonly state?: 'done' | 'active' | 'crit';
  readonly from: number;
  readonly to: number;
}

/** The check as a Mermaid chart, which GitHub draws: one section for each instrument, in ms since the start of the instruments. */
export function gantt(result: FailoverResult): string {
  const began = Date.parse(result.began);
  const gaps = result.probes.map(({ longestGapAt }) => longestGapAt - began);
  const renewals = result.transfers.map(({ lastRenewedMs }) => lastRenewedMs ?? 0);
  // Mermaid does not accept a negative time.
  const first = Math.min(0, ...gaps, ...renewals, ...result.timeline.map(({ ms }) => ms));
  const last = Math.max(result.restoreMs + (result.rejoinMs ?? 0), ...result.timeline.map(({ ms }) => ms));
  const lines = ['gantt', '  dateFormat x', '  axisFormat %M:%S'];
  const section = (title: string, bars: readonly Bar[]) => {
    if (bars.length === 0) return;
    lines.push(`  section ${plain(title)}`);
    for (const { name, state, from, to } of bars) {
      // Mermaid does not draw a bar of length 0.
      const [start, end] = [Math.round(from - first), Math.round(Math.max(to, from + 50) - first)];
      lines.push(`  ${plain(name)} :${state ? `${state}, ` : ''}${start}, ${end}`);
    }
  };
  if (result.steps === undefined)
    section(result.target, [{ name: result.fault, state: 'crit', from: 0, to: result.restoreMs }, ...backBars(result)]);
  for (const { host, what, fromMs, toMs } of result.steps ?? [])
    section(host, [{ name: what, state: 'active', from: fromMs, to: toMs }]);
  for (const { lease, from, to, expected, lastRenewedMs, takenMs } of result.transfers) {
    if (!expected || takenMs === undefined) {
      section(lease, [{ name: `${from ?? 'nobody'}`, from: first, to: last }]);
      continue;
    }
    section(lease, [
      { name: `${from}`, state: 'done', from: first, to: lastRenewedMs ?? 0 },
      { name: 'nobody', state: 'crit', from: lastRenewedMs ?? 0, to: takenMs },
      { name: `${to}`, state: 'active', from: takenMs, to: last },
    ]);
  }
  for (const { host, kind, longestGapAt, longestGapMs } of result.probes) {
    const at = longestGapAt - began;
    section(`API on ${host} (${kind})`, [
      { name: 'answers', state: 'active', from: first, to: last },
      { name: `longest gap ${longestGapMs} ms`, state: 'crit', from: at, to: at + longestGapMs },
    ]);
  }
  return lines.join('\n');
}

function backBars({ timeline, restoreMs, target }: FailoverResult): readonly Bar[] {
  return timeline
    .filter(({ track }) => track === 'rejoin')
    .map(({ what, ms }) => ({ name: what.replace(`${target}: `, ''), from: restoreMs, to: ms }));
}
