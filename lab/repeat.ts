import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandResult } from './command.ts';

/** One run of a command: when it began, how long it took, and what came of it. */
export interface Turn extends CommandResult {
  readonly at: number;
  readonly ms: number;
}

/** Runs a command again and again, one after another, until it is stopped; the last run ends first. */
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

/** For a reader: how many, how many failed, the slowest. */
export function turnsInWords(turns: readonly Turn[]): string {
  return `${failedTurns(turns).length} of ${turns.length} failed, the slowest took ${Math.max(0, ...turns.map(({ ms }) => ms))} ms`;
}
