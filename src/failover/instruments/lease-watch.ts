import type { Host } from '../../cluster/cluster.ts';
import { type ApiClient, watchLeases } from '../../kubernetes/index.ts';
import { now } from './clock.ts';
import type { LeaseSighting } from './transfers.ts';

/** Watches both leases through a master other than the target, from before the fault until after the rejoin. */
export class LeaseWatch {
  readonly seen: LeaseSighting[] = [];
  /** Times at which the watch itself was lost: events of that time were seen late. */
  readonly lost: { readonly at: number; readonly reason: string }[] = [];
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>;
  readonly #waiting = new Set<() => void>();

  constructor(api: ApiClient, hosts: readonly Host[], hostnames?: ReadonlyMap<string, string>) {
    this.#watching = watchLeases(api, hosts, {
      signal: this.#stop.signal,
      hostnames,
      onLost: (reason) => this.lost.push({ at: now(), reason }),
      onLease: (view) => {
        this.seen.push({ ...view, at: now() });
        for (const look of this.#waiting) look();
      },
    });
    // Reported by `stop`; until then no caller may await it.
    this.#watching.catch(() => undefined);
  }

  /** Resolves with true as soon as the sightings satisfy `done`, with false when the time is over or the signal aborts. */
  async until(
    satisfied: (seen: readonly LeaseSighting[]) => boolean,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
  ): Promise<boolean> {
    const over = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
    const waiting = Promise.withResolvers<boolean>();
    const look = () => satisfied(this.seen) && waiting.resolve(true);
    const end = () => waiting.resolve(false);
    this.#waiting.add(look);
    over.addEventListener('abort', end);
    if (over.aborted) end();
    look();
    try {
      return await waiting.promise;
    } finally {
      this.#waiting.delete(look);
      over.removeEventListener('abort', end);
    }
  }

  /** @throws ApiProblem if the watch ended permanently before */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }
}
