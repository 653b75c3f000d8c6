import type { Cluster } from '../../cluster/cluster.ts';
import {
  type ApiClient,
  addressesOf,
  type EndpointSlice,
  servingAddresses,
  servingCollection,
} from '../../kubernetes/index.ts';
import { now } from './clock.ts';
import type { Sighting } from './timeline.ts';

/** The limit of changes: masters come and go a few times in a check. */
const mostSightings = 1000;

/** The masters that are behind the `kubernetes` Service now, by address. @throws ApiProblem */
export async function servingMasters(api: ApiClient): Promise<readonly string[]> {
  return await servingAddresses(api, { retryMs: 0, timeoutMs: 3000 });
}

/** The masters that the API itself considers alive: those behind the `kubernetes` Service, as they go and come. */
export class EndpointWatch {
  readonly seen: Sighting[] = [];
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>;

  constructor(api: ApiClient, { hosts }: Cluster) {
    const nameOf = (address: string) => hosts.find((host) => host.address === address)?.name ?? address;
    const note = (what: string) => {
      if (this.seen.length < mostSightings) this.seen.push({ at: now(), track: 'endpoint', what });
    };
    let known: ReadonlySet<string> | undefined;
    this.#watching = api
      .watch<EndpointSlice>(servingCollection, {
        signal: this.#stop.signal,
        fieldSelector: 'metadata.name=kubernetes',
        onEvent: ({ object }) => {
          const addresses = new Set(addressesOf(object));
          for (const address of known ?? []) {
            if (!addresses.has(address)) note(`${nameOf(address)} left the kubernetes Service`);
          }
          for (const address of known ? addresses : []) {
            if (!known?.has(address)) note(`${nameOf(address)} joined the kubernetes Service`);
          }
          known = addresses;
        },
      })
      // The check continues without this instrument.
      .catch((error: unknown) => void note(`the kubernetes Service could not be watched: ${String(error)}`));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }
}
