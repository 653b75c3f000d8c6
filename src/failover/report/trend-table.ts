import { table } from '../../markdown.ts';
import type { Trend } from './history.ts';
import { sparkText } from './sparkline.ts';
import { duration } from './words.ts';

/** The trend of each figure as Markdown for the job summary; nothing before the second night. */
export function trendTable(trends: readonly Trend[]): string {
  if (trends.length === 0) return '';
  const rows = trends.map(({ label, values, current, change, median, regressed }) => {
    return [
      label,
      sparkText(values),
      duration(current),
      signed(change),
      `${duration(median)}${regressed ? ' ⚠ slower than usual' : ''}`,
    ];
  });
  return table(['figure', 'nights', 'this one', 'change', 'median of the last 7'], rows);
}

/** A line for each figure that got clearly worse than it was. */
export function regressions(trends: readonly Trend[]): readonly string[] {
  return trends
    .filter(({ regressed }) => regressed)
    .map(
      ({ label, current, median }) =>
        `${label}: ${duration(current)}, while the median of the last nights is ${duration(median)}`,
    );
}

function signed(change: number | undefined): string {
  if (change === undefined) return '–';
  return `${change < 0 ? '−' : '+'}${duration(Math.abs(change))}`;
}
