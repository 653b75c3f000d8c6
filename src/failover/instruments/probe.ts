import type { SecureContext } from 'node:tls';
import { Problem } from '../../errors.ts';
import type { Endpoint, Tunnel } from '../../kubernetes/index.ts';
import { begin, textOf } from '../../kubernetes/index.ts';
import { now } from './clock.ts';
import { PendingRequests } from './pending-requests.ts';
import { PinnedAgent } from './pinned-agent.ts';
import { figuresOf, type ProbeFigures, type Sample } from './samples.ts';

export interface ProbeOptions {
  /** The node whose own load balancer is used. */
  readonly tunnel: Tunnel;
  /** The load balancer: 127.0.0.1:5002. */
  readonly endpoint: Endpoint;
  readonly secureContext: SecureContext;
  /** A read that reaches etcd: an answer from an API server's memory alone proves less. */
  readonly path?: string;
  /** If set, the requests are writes: returns the body to apply, for each request. */
  readonly body?: () => string;
  readonly everyMs?: number;
  /** For a kept connection: the name of the master that it leads to at first. */
  readonly heldBy?: string | undefined;
  /** Time limit of a request; the kubelet's own. */
  readonly timeoutMs?: number;
}

/** A client that sends requests to the API at a constant rate (default: ten a second) through one node's load balancer until it is stopped. */
export class Probe {
  readonly samples: Sample[] = [];
  readonly #host: string;
  readonly #kind: ProbeFigures['kind'];
  readonly #options: ProbeOptions;
  readonly #agent: PinnedAgent;
  readonly #began = now();
  readonly #timer: NodeJS.Timeout;
  readonly #under = new PendingRequests();

  constructor(kind: ProbeFigures['kind'], options: ProbeOptions) {
    const { tunnel, endpoint, secureContext, heldBy } = options;
    this.#host = tunnel.host.name;
    this.#kind = kind;
    this.#options = options;
    const kept = this.#keeps;
    const connections = kept ? { maxSockets: 1, heldBy } : {};
    this.#agent = new PinnedAgent(tunnel, endpoint, secureContext, { keepAlive: kept, ...connections });
    this.#timer = setInterval(() => this.#tick(), options.everyMs ?? 100);
    this.#tick();
  }

  get #keeps(): boolean {
    return this.#kind === 'kept' || this.#kind === 'direct';
  }

  /** Ends after the requests in flight; hanging ones count as failed. */
  async stop(): Promise<ProbeFigures> {
    clearInterval(this.#timer);
    const to = now();
    const hanging = await this.#under.hanging();
    const samples = [...this.samples, ...hanging];
    this.#agent.destroy();
    const { held } = this.#agent;
    return { ...figuresOf(this.#host, this.#kind, samples, { from: this.#began, to }), samples, held };
  }

  #tick(): void {
    // One connection carries one request at a time.
    if (this.#keeps && this.#under.size > 0) return;
    this.#under.add(this.#ask());
  }

  async #ask(): Promise<void> {
    const { path = '/api/v1/namespaces/default', body, timeoutMs = 10_000 } = this.#options;
    const attempt = { host: this.#host, method: body ? 'PATCH' : 'GET', path };
    const write = body && { body: body(), headers: { 'content-type': 'application/apply-patch+yaml' } };
    const signal = AbortSignal.timeout(timeoutMs);
    const at = now();
    try {
      const answer = await begin({ agent: this.#agent, attempt, signal, ...write });
      await textOf(answer, attempt, signal);
      const status = answer.statusCode ?? 0;
      this.samples.push({ at, ms: now() - at, ...(status >= 400 && { error: `status ${status}` }) });
    } catch (error) {
      this.samples.push({ at, ms: now() - at, error: wordsOf(error) });
    }
  }
}

/** The error without the request, which is the same for all. */
function wordsOf(error: unknown): string {
  const cause = error instanceof Problem ? (error.cause ?? error) : error;
  return (cause as Partial<Error> | undefined)?.message ?? String(cause);
}
