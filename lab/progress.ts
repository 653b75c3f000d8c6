/** Takes one line about what is being done. */
export type Progress = (line: string) => void;

/** Says nothing: for callers that are not watched. */
export const silent: Progress = () => {};

/** Writes lines with the seconds since it was made. */
export function timedProgress(write: (text: string) => void, now: () => number = Date.now): Progress {
  const start = now();
  return (line) => write(`[${((now() - start) / 1000).toFixed(1).padStart(6)} s] ${line}\n`);
}

/** Seconds since a moment, for a line of progress. */
export function secondsSince(start: number): string {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}
