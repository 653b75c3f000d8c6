import { setTimeout as delay } from 'node:timers/promises';
import { now } from './clock.ts';
import type { Sample } from './samples.ts';

/** When all is healthy again, a request without an answer after this time will not get one. */
const hangsAfterMs = 2500;

/** Requests that have no answer yet. */
export class PendingRequests {
  readonly #turns = new Map<Promise<void>, number>();

  get size(): number {
    return this.#turns.size;
  }

  add(turn: Promise<void>): void {
    this.#turns.set(turn, now());
    void turn.finally(() => this.#turns.delete(turn));
  }

  /** Waits for their answers, and returns the hanging ones: they have failed. */
  async hanging(): Promise<readonly Sample[]> {
    await Promise.race([Promise.all(this.#turns.keys()), delay(hangsAfterMs, undefined, { ref: false })]);
    return [...this.#turns.values()].map((at) => ({ at, ms: now() - at, error: 'no answer by the end' }));
  }
}
