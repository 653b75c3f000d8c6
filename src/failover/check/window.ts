const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
type Day = (typeof days)[number];
const order: readonly string[] = days;

/** A time of day in UTC at which a fault may begin, on all days or on some. */
export interface Window {
  /** The text of the input. */
  readonly text: string;
  /** Minutes since midnight. */
  readonly from: number;
  /** Smaller than `from` if the window crosses midnight; it belongs to the day on which it began. */
  readonly to: number;
  readonly days: ReadonlySet<Day>;
}

/** Parses `01:00-05:00`, `mon-fri 22:00-04:00` or `sat,sun 00:00-24:00`; undefined for any other text. */
export function parseWindow(text: string): Window | undefined {
  const parts = /^(?:([a-z,-]+)\s+)?(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(text.trim().toLowerCase());
  if (!parts) return undefined;
  const [, names, ...numbers] = parts;
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = numbers.map(Number);
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
  const among = names === undefined ? days : daysOf(names);
  if (fromMinute > 59 || toMinute > 59 || from >= 24 * 60 || to > 24 * 60 || from === to || !among) return undefined;
  return { text: text.trim(), from, to, days: new Set(among) };
}

/** Whether the window contains a moment. */
export function isInside({ from, to, days: allowed }: Window, at: Date): boolean {
  const minutes = at.getUTCHours() * 60 + at.getUTCMinutes();
  const on = (offset: number) => allowed.has(days[(at.getUTCDay() + 7 + offset) % 7] ?? 'sun');
  if (from < to) return minutes >= from && minutes < to && on(0);
  return (minutes >= from && on(0)) || (minutes < to && on(-1));
}

function daysOf(names: string): readonly Day[] | undefined {
  const lists = names.split(',').map((part) => {
    const [first, last = first, ...rest] = part.split('-').map((name) => order.indexOf(name));
    if (first === undefined || last === undefined || first < 0 || last < 0 || rest.length > 0) return undefined;
    return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => days[(first + index) % 7] ?? 'sun');
  });
  return lists.every((list) => list !== undefined) ? lists.flat() : undefined;
}
