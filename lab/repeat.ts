import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandResult } from './command.ts';

/** One run of a command: its start, its duration and its result. */
export interface Turn extends CommandResult {
  readonly at: number;
  readonly ms: number;
}

/** Runs a command repeatedly, one run after the other, until it is stopped; the last run is completed. */
export function repeat(command: () => Promise<CommandResult>, pauseMs: number): () => Promise<readonly Turn[]> {
  const turns: Turn[] = [];
  const over = new AbortController();
  const running = (async () => {
    while (!over.signal.aborted) {
      const [at, begin] = [Date.now(), performance.now()];
      const result = await command();
      turns.push({ at, ms: Math.round(performance.now() - begin), ...result });
      await sleep(pauseMs, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    over.abort();
    await running;
    return turns;
  };
}

export const failedTurns = (turns: readonly Turn[]): readonly Turn[] => turns.filter(({ status }) => status !== 0);

/** In words: the number of runs, the failed ones, the slowest. */
export function turnsInWords(turns: readonly Turn[]): string {
  return `${failedTurns(turns).length} of ${turns.length} failed, the slowest took ${Math.max(0, ...turns.map(({ ms }) => ms))} ms`;
}
