import { type Credentials, type Endpoint, openKubernetes, type Tunnel } from '../kubernetes/index.ts';
import { now } from './clock.ts';
import { figuresOf, type ProbeFigures, type Sample } from './samples.ts';

/** How long a watch may be silent before it is made anew: what client-go's pings take with the settings of our nodes. */
const idleMs = 8000;

/**
 * A watch through one node's balancer, on an object that is written all the time. Nothing is sent on its connection, so
 * that no missing acknowledgement tells of a dead server: of all clients this one notices last.
 */
export class WatchProbe {
  readonly samples: Sample[] = [];
  readonly #host: string;
  readonly #began = now();
  readonly #stop = new AbortController();
  readonly #close: () => void;

  constructor(
    tunnel: Tunnel,
    credentials: Credentials,
    endpoint: Endpoint,
    object: { collection: string; name: string },
  ) {
    this.#host = tunnel.host.name;
    const api = openKubernetes(tunnel, credentials, endpoint);
    this.#close = () => api.close();
    const watching = api.watch(object.collection, {
      signal: this.#stop.signal,
      fieldSelector: `metadata.name=${object.name}`,
      idleMs,
      onEvent: () => void this.samples.push({ at: now(), ms: 0 }),
      onLost: (reason) => this.samples.push({ at: now(), ms: 0, error: reason }),
    });
    watching.catch((error: Error) => this.samples.push({ at: now(), ms: 0, error: error.message }));
  }

  stop(): ProbeFigures {
    const to = now();
    this.#stop.abort();
    this.#close();
    return figuresOf(this.#host, 'watch', this.samples, { from: this.#began, to });
  }
}
