/** A figure for readers of the test's log; never an assertion. */
export function note(text: string): void {
  for (const line of text.trimEnd().split('\n')) process.stderr.write(`      ${line}\n`);
}

/** Seconds with one decimal. */
export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
