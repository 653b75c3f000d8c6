import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Trial } from './trial.ts';

/** The trials of a file of JSON lines; a line that a kill truncated is left out. */
export function readTrials(file: string): readonly Trial[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line): readonly Trial[] => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
}

/** Appends one on a new line, also after a truncated line. */
export function addTrial(file: string, trial: Trial): void {
  const cut = existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8'));
  appendFileSync(file, `${cut ? '\n' : ''}${JSON.stringify(trial)}\n`);
}
