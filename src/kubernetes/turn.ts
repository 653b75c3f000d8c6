import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ApiClient } from './api-client.ts';
import { ifFound, isConflict } from './api-problem.ts';
import { microTime } from './leases.ts';
import type { ApiObject, Lease } from './objects.ts';

const namespace = 'kube-system';
const collection = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;

/** On a turn's Lease: the attempt of a run in which a holder has failed, so that its other hosts do not begin. */
const failedAnnotation = 'k8s-ha-action/failed-attempt';

/** Times of a turn, milliseconds. */
export interface TurnTimes {
  /** How long a holder that no longer renews keeps its turn. */
  readonly duration: number;
  readonly renew: number;
  /** Between two looks at the Leases of others. */
  readonly poll: number;
}

const usualTimes: TurnTimes = { duration: 60_000, renew: 10_000, poll: 1000 };

export interface TurnOptions {
  /** How many may have their turn at once: the Leases NAME-0, NAME-1 … */
  readonly slots: number;
  /** The name of the Leases, without their number. */
  readonly name: string;
  /** Who takes the turn: the run and the host. */
  readonly holder: string;
  /** The attempt of the run: the same in all its jobs. After the failure of one holder no other one of this attempt begins. */
  readonly attempt: string;
  /** Whether a holder is certainly gone, so that its Lease need not expire. */
  readonly isGone?: (holder: string) => boolean;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly times?: TurnTimes;
}

/**
 * Does work while at most `slots` holders in the whole cluster do: also in jobs on other runners. A turn is a Lease that is renewed
 * during the work. One that is not renewed for its duration, as its runner is gone, is taken over. As in Kubernetes' own elections,
 * only changes that this process has seen count, so that clocks may differ.
 * @param work its signal aborts when the run is cancelled or the turn is lost
 * @throws Problem TURN_REFUSED after a failure of another holder of this attempt, TURN_LOST; ApiProblem; errors of the work
 */
export async function inTurn<T>(
  api: ApiClient,
  options: TurnOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const turn = new Turn(api, options, await taken(api, options));
  let failed = true;
  try {
    const done = await work(AbortSignal.any([options.signal, turn.lost]));
    failed = false;
    return done;
  } catch (error) {
    turn.lost.throwIfAborted();
    throw error;
  } finally {
    await turn.end(failed);
  }
}

/** The Lease of the first slot that is free, as it is after it was taken. */
async function taken(api: ApiClient, options: TurnOptions): Promise<Lease> {
  const { duration, poll } = options.times ?? usualTimes;
  const seen = new Map<string, { readonly version: string | undefined; readonly at: number }>();
  let logged = '';
  for (;;) {
    options.signal.throwIfAborted();
    const leases = await Promise.all(slotsOf(options).map((name) => leaseNamed(api, name)));
    refuseAfterFailure(leases, options);
    const holders = leases.map((lease) => lease?.spec?.holderIdentity ?? '');
    for (const [slot, lease] of leases.entries()) {
      const name = slotsOf(options)[slot] ?? '';
      const version = lease?.metadata.resourceVersion;
      if (seen.get(name)?.version !== version || !seen.has(name)) seen.set(name, { version, at: performance.now() });
      const isExpired = performance.now() - (seen.get(name)?.at ?? 0) > duration;
      const holder = holders[slot] ?? '';
      const isFree = holder === '' || holder === options.holder || isExpired || options.isGone?.(holder) === true;
      const mine = isFree ? await tryToTake(api, name, lease, options) : undefined;
      if (mine) return mine;
    }
    const others = holders.filter((holder) => holder !== '').join(', ');
    if (others !== logged) options.log.info(`${options.holder}: waits for its turn; now: ${others}`);
    logged = others;
    await delay(poll, undefined, { signal: options.signal });
  }
}

function slotsOf({ name, slots }: TurnOptions): readonly string[] {
  return Array.from({ length: slots }, (_, slot) => `${name}-${slot}`);
}

async function leaseNamed(api: ApiClient, name: string): Promise<Lease | undefined> {
  return await ifFound(api.get<Lease>(`${collection}/${name}`));
}

function refuseAfterFailure(leases: readonly (Lease | undefined)[], { attempt, holder }: TurnOptions): void {
  const failed = leases.find((lease) => lease?.metadata.annotations?.[failedAnnotation] === attempt);
  if (!failed) return;
  throw new Problem(`${holder}: not begun, because another host of this run has failed`, {
    code: 'TURN_REFUSED',
    hint: 'See the error of the other host, fix it, and run again.',
  });
}

/** Undefined if another one was quicker. */
async function tryToTake(
  api: ApiClient,
  name: string,
  lease: Lease | undefined,
  { holder, times = usualTimes }: TurnOptions,
): Promise<Lease | undefined> {
  const now = microTime();
  const leaseTransitions = (lease?.spec?.leaseTransitions ?? -1) + 1;
  const leaseDurationSeconds = Math.max(1, Math.round(times.duration / 1000));
  const spec = { holderIdentity: holder, leaseDurationSeconds, acquireTime: now, renewTime: now, leaseTransitions };
  try {
    if (lease) {
      // With the version, so that of two that find it free only one gets it.
      const metadata = { resourceVersion: lease.metadata.resourceVersion };
      return await api.patch<Lease>(`${collection}/${name}`, { metadata, spec });
    }
    const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace }, spec };
    return await api.create<Lease>(collection, body as ApiObject);
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}

/** A turn that was taken: renewed until its end. */
class Turn {
  readonly #api: ApiClient;
  readonly #options: TurnOptions;
  readonly #lost = new AbortController();
  readonly #done = new AbortController();
  readonly #renewing: Promise<void>;
  #lease: Lease;

  constructor(api: ApiClient, options: TurnOptions, lease: Lease) {
    this.#api = api;
    this.#options = options;
    this.#lease = lease;
    this.#renewing = this.#renewUntilDone();
  }

  /** Aborts when another one may have the turn. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async #renewUntilDone(): Promise<void> {
    const { duration, renew } = this.#options.times ?? usualTimes;
    let renewed = performance.now();
    while (!this.#done.signal.aborted && !this.#lost.signal.aborted) {
      try {
        await delay(renew, undefined, { signal: this.#done.signal, ref: false });
      } catch {
        return;
      }
      try {
        await this.#change({ spec: { renewTime: microTime() } });
        renewed = performance.now();
      } catch (error) {
        const isTaken = isConflict(error) && !(await this.#isStillMine());
        if (isTaken || performance.now() - renewed > duration - renew) this.#lost.abort(lostTurn(this.#options, error));
      }
    }
  }

  /** After a conflict: the answer to an own change may have been lost. */
  async #isStillMine(): Promise<boolean> {
    try {
      const lease = await leaseNamed(this.#api, this.#lease.metadata.name);
      if (lease?.spec?.holderIdentity !== this.#options.holder) return false;
      this.#lease = lease;
      return true;
    } catch {
      return true;
    }
  }

  async #change(body: { readonly metadata?: object; readonly spec: object }): Promise<void> {
    const { name, resourceVersion } = this.#lease.metadata;
    const retryMs = (this.#options.times ?? usualTimes).renew;
    const metadata = { ...body.metadata, resourceVersion };
    this.#lease = await this.#api.patch<Lease>(`${collection}/${name}`, { ...body, metadata }, { retryMs });
  }

  /** Gives the turn back. Where that is not possible, it expires. */
  async end(failed: boolean): Promise<void> {
    this.#done.abort();
    await this.#renewing;
    if (this.#lost.signal.aborted) return;
    const metadata = failed ? { annotations: { [failedAnnotation]: this.#options.attempt } } : {};
    await this.#change({ metadata, spec: { holderIdentity: '' } }).catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      this.#options.log.info(`${this.#options.holder}: its turn could not be given back and expires: ${error.message}`);
    });
  }
}

function lostTurn({ holder }: TurnOptions, cause: unknown): Problem {
  return new Problem(`${holder}: its turn was lost: the Lease could not be renewed`, {
    code: 'TURN_LOST',
    hint: 'The API did not answer for too long, or another run took the turn. Run again when the API answers.',
    cause,
  });
}
