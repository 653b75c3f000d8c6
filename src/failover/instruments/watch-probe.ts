import { follow } from '../../kubernetes/index.ts';
import { now } from './clock.ts';
import { PinnedAgent } from './pinned-agent.ts';
import type { ProbeOptions } from './probe.ts';
import { figuresOf, type ProbeFigures, type Sample } from './samples.ts';
import type { WrittenObject } from './written-object.ts';

/** A watch that is silent for this long is re-opened: the time limit of client-go's pings with the settings of our nodes. */
const usualIdleMs = 8000;

export interface WatchProbeOptions extends Pick<ProbeOptions, 'tunnel' | 'endpoint' | 'secureContext' | 'heldBy'> {
  /** The watched object, which another client writes all the time. */
  readonly object: Pick<WrittenObject, 'collection' | 'name'>;
  readonly idleMs?: number;
}

/**
 * A watch through one node's load balancer, on an object that is written all the time. Nothing is sent on its connection,
 * so no missing acknowledgement reveals a dead server: this client notices last.
 */
export class WatchProbe {
  readonly samples: Sample[] = [];
  readonly #host: string;
  readonly #began = now();
  readonly #stop = new AbortController();
  readonly #agent: PinnedAgent;

  constructor({ tunnel, endpoint, secureContext, heldBy, object, idleMs = usualIdleMs }: WatchProbeOptions) {
    this.#host = tunnel.host.name;
    this.#agent = new PinnedAgent(tunnel, endpoint, secureContext, { keepAlive: false, heldBy });
    const watching = follow(this.#agent, this.#host, object.collection, {
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
    this.#agent.destroy();
    const { held } = this.#agent;
    return { ...figuresOf(this.#host, 'watch', this.samples, { from: this.#began, to }), held };
  }
}
