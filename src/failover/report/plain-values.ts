import { cutLine, plainLine } from '../../plain-text.ts';

/** Of one text of a report; an error or a moment is a line. */
const mostText = 1000;

/** The same value with every text in it plain, in one line and not too long: hosts and API servers wrote some of them. Pure. */
export function plainValues<T>(value: T): T {
  return cleaned(value) as T;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cutLine(plainLine(value), mostText);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, cleaned(part)]));
}
