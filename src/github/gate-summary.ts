import { type Cell, escaped, Markdown, table } from '../markdown.ts';
import { isBroken } from './gate.ts';
import type { Row } from './gate-row.ts';
import { duration } from './log.ts';

/** The table of all jobs for the gate's summary; pure. */
export function gateSummary(cluster: string, rows: readonly Row[]): string {
  const broken = rows.filter(isBroken);
  const hosts = new Set(rows.filter(({ host, changes }) => host && changes > 0).map(({ host }) => host)).size;
  const changed = hosts === 0 ? 'no host changed' : `${hosts} ${hosts === 1 ? 'host' : 'hosts'} changed`;
  const verdict = broken.length === 0 ? 'everything succeeded' : `${broken.length} of ${rows.length} did not succeed`;
  // Failures come first, because a long summary is cut at its end.
  const ordered = [...broken, ...rows.filter((row) => !isBroken(row))];
  const heads = ['job', 'host', 'result', 'changes:', 'restarts:', 'time:', ''];
  return `## Gate${cluster && ` of ${escaped(cluster)}`}: ${verdict}, ${changed}\n\n${table(heads, ordered.map(cellsOf))}\n`;
}

function cellsOf(row: Row): readonly Cell[] {
  const { job, host, result, changes, restarts, milliseconds, problem, note = '' } = row;
  const shown = result === 'success' ? 'ok' : result === 'skipped' ? 'skipped' : new Markdown(`**${result}**`);
  // A host without a report has no figures, and a job for all hosts has only its own ones.
  const count = (figure: number) => ((host && milliseconds !== undefined) || figure > 0 ? String(figure) : '');
  const took = milliseconds === undefined ? '' : duration(milliseconds);
  return [job, host, shown, count(changes), count(restarts), took, problem ?? note];
}
