import { type Comparison, comparedWith } from '../../trend.ts';
import { type TrendFigure, trendFigures } from '../figure-groups.ts';
import type { FailoverReport, Night } from './schema.ts';

/** The maximum number of lines in the file: three years of nights, a third of a megabyte. */
const mostLines = 1000;
/** The trend of one figure over the nights, the present one last. */
export interface Trend extends Comparison {
  readonly figure: TrendFigure;
  readonly label: string;
  readonly values: readonly (number | null)[];
  readonly current: number | null;
}

/**
 * The nights of a history file: JSON lines, oldest first. A line that can't be parsed (a run was killed while it wrote, or a
 * later version has another format) is skipped; `appendHistory` keeps it.
 */
export function readHistory(text: string): readonly Night[] {
  return text.split('\n').flatMap((line) => {
    try {
      const night: unknown = JSON.parse(line);
      return isNight(night) ? [night] : [];
    } catch {
      return [];
    }
  });
}

/** The file's text with one more night; a check that is already in it is not added again. */
export function appendHistory(text: string, night: Night): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const line = JSON.stringify(night);
  const others = lines.filter((one) => one !== line);
  return `${[...others, line].slice(-mostLines).join('\n')}\n`;
}

/** Earlier nights that are comparable with this one: of the same cluster, with the same fault. */
export function comparable(history: readonly Night[], { cluster, fault, began }: Night): readonly Night[] {
  return history
    .filter((night) => night.cluster === cluster && night.fault === fault && night.began < began)
    .toSorted((one, other) => (one.began < other.began ? -1 : 1));
}

/** The trend of each figure that was ever measured. */
export function trendOf({ history, figures }: Pick<FailoverReport, 'history' | 'figures'>): readonly Trend[] {
  if (history.length === 0) return [];
  return trendFigures.flatMap(({ id: figure, label }): readonly Trend[] => {
    const before = history.map((night) => night[figure]);
    const current = figures[figure];
    if (current === null && before.every((value) => value === null)) return [];
    return [{ figure, label, values: [...before, current], current, ...comparedWith(before, current) }];
  });
}

/** Written without the schema, so that an action that never writes a report does not load it. */
function isNight(value: unknown): value is Night {
  if (typeof value !== 'object' || value === null) return false;
  const night = value as Partial<Record<keyof Night, unknown>>;
  const texts = [night.cluster, night.target, night.fault, night.began];
  const figure = (one: unknown) => one === null || (typeof one === 'number' && Number.isFinite(one));
  const figures = trendFigures.map(({ id }) => night[id]);
  return night.schemaVersion === 1 && texts.every((text) => typeof text === 'string') && figures.every(figure);
}
