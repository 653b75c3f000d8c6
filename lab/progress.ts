/** Receives one line about the current work. */
export type Progress = (line: string) => void;

/** Logs nothing: for callers without a reader. */
export const silent: Progress = () => {};

/** Writes lines with the seconds since this was created. */
export function timedProgress(write: (text: string) => void, now: () => number = Date.now): Progress {
  const start = now();
  return (line) => write(`[${((now() - start) / 1000).toFixed(1).padStart(6)} s] ${line}\n`);
}

/** Seconds since a moment, for a line of progress. */
export function secondsSince(start: number): string {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}

/** Long work, and its usual time on two cores with an empty cache. */
export interface LongWork {
  /** With its position among others, for example `2 of 11: etcd v3.7.3`. */
  readonly what: string;
  readonly usualSeconds: number;
  /** The usual time of the work after it. */
  readonly laterSeconds?: number;
}

/** Seconds in words: `40 s`, `5 min`, `2 min 20 s`. */
export function inWords(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const rest = whole % 60;
  return `${Math.floor(whole / 60)} min${rest === 0 ? '' : ` ${rest} s`}`;
}

/** The progress of long work: the time that it has taken, and an estimate of the rest. */
export function howFar({ what, usualSeconds, laterSeconds = 0 }: LongWork, elapsedSeconds: number): string {
  const left = usualSeconds - elapsedSeconds;
  const own = left > 0 ? `about ${inWords(left)} left` : `longer than the usual ${inWords(usualSeconds)}`;
  const all = laterSeconds > 0 ? `, about ${inWords(Math.max(0, left) + laterSeconds)} with what follows` : '';
  return `${what}: ${inWords(elapsedSeconds)} so far, ${own}${all}`;
}

/** Does long work and logs its progress every 10 s, so that a reader can distinguish slow from stuck. */
export async function withTicks<T>(
  progress: Progress,
  work: LongWork,
  action: () => Promise<T>,
  everyMs = 10_000,
): Promise<T> {
  const start = Date.now();
  const timer = setInterval(() => progress(howFar(work, (Date.now() - start) / 1000)), everyMs);
  try {
    return await action();
  } finally {
    clearInterval(timer);
  }
}
