import { now } from './clock.ts';
import type { Moment, Sighting } from './timeline.ts';

const everyMs = 100;
/** Shorter ones are among the usual delays of a busy runner. */
const shortestMs = 1000;

/**
 * Notices when the runner itself did not run for a while (a busy or suspended machine): its timer is late by that long. Then it sends no request, and
 * reads the answers of those that it has sent too late.
 */
export class RunnerWatch {
  readonly #seen: Sighting[] = [];
  readonly #timer: NodeJS.Timeout;
  #last = now();

  constructor() {
    this.#timer = setInterval(() => this.#tick(), everyMs);
  }

  stop(): readonly Sighting[] {
    clearInterval(this.#timer);
    this.#tick();
    return this.#seen;
  }

  #tick(): void {
    const [last, at] = [this.#last, now()];
    this.#last = at;
    const late = at - last - everyMs;
    if (late >= shortestMs)
      this.#seen.push({ at: last, track: 'runner', what: `the runner stopped for ${(late / 1000).toFixed(1)} s` });
  }
}

/** What the reader of bad figures must know of the runner; undefined if it never stopped. */
export function pausesInWords(timeline: readonly Moment[]): string | undefined {
  const pauses = timeline.filter(({ track }) => track === 'runner');
  if (pauses.length === 0) return undefined;
  const times = pauses.length === 1 ? 'once' : `${pauses.length} times`;
  return `the runner itself stopped ${times} (a busy machine): what failed or was slow in that time says nothing about the cluster`;
}
