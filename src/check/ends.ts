// When something ends. Pure.

export const dayMs = 24 * 3600 * 1000;

/** What ends in less than this time is a finding. */
export const soonMs = 30 * dayMs;

/** Whole days until the end; negative after it. */
export function daysUntil(end: Date, now: Date): number {
  return Math.floor((end.getTime() - now.getTime()) / dayMs);
}

/** `ends 2027-02-28T23:59:59.000Z, in 12 days`, or `ended …`. */
export function endInWords(end: Date, now: Date): string {
  const days = daysUntil(end, now);
  const when = end.toISOString();
  return end <= now ? `ended ${when}` : `ends ${when}, in ${days} ${days === 1 ? 'day' : 'days'}`;
}
