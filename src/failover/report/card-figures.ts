import { keptFigures } from '../figure-groups.ts';
import type { Night } from './schema.ts';
import { duration } from './words.ts';

type KeptFigure = (typeof keptFigures)[number];

/** The figures that have a card and a column in the table of nights. */
export const cardFigures = keptFigures.filter(({ card }) => card);

/** `16.2 s`, or a count; `otherwise` if it never happened or was not measured. */
export function shownValue({ id, unit }: KeptFigure, night: Night, otherwise = '–'): string {
  const value = night[id] ?? undefined;
  if (value === undefined) return otherwise;
  return unit === 'ms' ? duration(value) : String(value);
}

/** ` of 1380` for a figure that is a part of another one; otherwise empty. */
export function shownTotal({ of }: KeptFigure, night: Night): string {
  const whole = keptFigures.find(({ id }) => id === of);
  return whole ? ` of ${shownValue(whole, night)}` : '';
}
