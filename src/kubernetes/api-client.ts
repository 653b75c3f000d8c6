import pRetry from 'p-retry';
import { ApiProblem, type Attempt, refused } from './api-problem.ts';
import { begin, textOf } from './exchange.ts';
import { type Credentials, parseKubeconfig } from './kubeconfig.ts';
import type { ApiList, ApiObject } from './objects.ts';
import { type Endpoint, secureContextOf, type Tunnel, TunnelAgent } from './tunnel.ts';
import { follow, type WatchOptions } from './watch.ts';

/** Who the fields that we set by server-side apply belong to. */
export const fieldManager = 'k8s-ha-action';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface RequestOptions {
  readonly query?: Query;
  /** For each attempt, milliseconds. */
  readonly timeoutMs?: number;
  /** For all attempts together, milliseconds; 0 means one attempt. */
  readonly retryMs?: number;
  readonly signal?: AbortSignal | undefined;
}

interface Content {
  readonly body: unknown;
  readonly type: string;
}

/** A cluster's API through one of its API servers. One client keeps its connections; close it at the end. */
export class ApiClient {
  /** The host through which the API is asked, for errors and logs. */
  readonly host: string;
  readonly #agent: TunnelAgent;
  /** Watches hold a connection each, so they must not use up those of the requests. */
  readonly #watchAgent: TunnelAgent;
  readonly #closing = new AbortController();

  constructor(tunnel: Tunnel, endpoint: Endpoint, credentials: Credentials | string) {
    const known = typeof credentials === 'string' ? parseKubeconfig(credentials) : credentials;
    const context = secureContextOf(known);
    this.host = tunnel.host.name;
    this.#agent = new TunnelAgent(tunnel, endpoint, context, { maxSockets: 8 });
    this.#watchAgent = new TunnelAgent(tunnel, endpoint, context, { keepAlive: false });
  }

  /** @throws ApiProblem */
  async get<T = ApiObject>(path: string, options?: RequestOptions): Promise<T> {
    return await this.#json<T>('GET', path, undefined, options);
  }

  /** All items of a collection. @throws ApiProblem */
  async list<T = ApiObject>(path: string, options?: RequestOptions): Promise<ApiList<T>> {
    return await this.#json<ApiList<T>>('GET', path, undefined, options);
  }

  /** POST to a collection. Not tried again once it may have been received. @throws ApiProblem */
  async create<T = ApiObject>(path: string, body: ApiObject, options?: RequestOptions): Promise<T> {
    return await this.#json<T>('POST', path, { body, type: 'application/json' }, options);
  }

  /** A JSON merge patch. @throws ApiProblem */
  async patch<T = ApiObject>(path: string, body: unknown, options?: RequestOptions): Promise<T> {
    return await this.#json<T>('PATCH', path, { body, type: 'application/merge-patch+json' }, options);
  }

  /** Server-side apply, taking over fields that others hold: the file is the truth. @throws ApiProblem */
  async apply<T = ApiObject>(path: string, body: ApiObject, options?: RequestOptions): Promise<T> {
    const query = { fieldManager, force: true, ...options?.query };
    // JSON is YAML, and the server takes this media type for both.
    return await this.#json<T>('PATCH', path, { body, type: 'application/apply-patch+yaml' }, { ...options, query });
  }

  /** Deletes, dependents in the background; false when there was nothing to delete. @throws ApiProblem */
  async delete(path: string, options?: RequestOptions): Promise<boolean> {
    const query = { propagationPolicy: 'Background', ...options?.query };
    try {
      await this.#json('DELETE', path, undefined, { ...options, query });
      return true;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return false;
      throw error;
    }
  }

  /** One attempt, whatever the answer: for /readyz, whose refusal is the information. @throws ApiProblem without one */
  async raw(path: string, options?: RequestOptions): Promise<{ readonly status: number; readonly text: string }> {
    return await this.#once('GET', path, undefined, options);
  }

  /**
   * Calls `onEvent` for each change under a collection's path until `signal` aborts, through lost connections.
   * Without a resourceVersion it begins with everything that is there, as ADDED, and does so again when it had to start over:
   * take ADDED as "is now so".
   * @throws ApiProblem when the server refuses for good; whatever `onEvent` throws
   */
  async watch<T = ApiObject>(path: string, options: WatchOptions<T>): Promise<void> {
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    await follow(this.#watchAgent, this.host, path, { ...options, signal });
  }

  /** Ends what is under way. Returns at once, so that a host that is gone does not hold up the end. */
  close(): void {
    this.#closing.abort();
    this.#agent.destroy();
    this.#watchAgent.destroy();
  }

  async #json<T>(method: Method, path: string, content: Content | undefined, options: RequestOptions = {}): Promise<T> {
    const attempt = async (): Promise<T> => {
      const { status, text } = await this.#once(method, path, content, options);
      if (status >= 400) throw refused({ host: this.host, method, path }, status, text);
      return JSON.parse(text) as T;
    };
    const { retryMs = 30_000, signal } = options;
    if (retryMs === 0) return await attempt();
    return await pRetry(attempt, {
      retries: 20,
      minTimeout: 100,
      maxTimeout: 2000,
      randomize: true,
      maxRetryTime: retryMs,
      shouldRetry: ({ error }) => error instanceof ApiProblem && mayRepeat(method, error),
      ...(signal && { signal }),
    });
  }

  async #once(method: Method, path: string, content: Content | undefined, options: RequestOptions = {}) {
    const signals = [this.#closing.signal, AbortSignal.timeout(options.timeoutMs ?? 10_000), options.signal];
    const signal = AbortSignal.any(signals.filter((one) => one !== undefined));
    const attempt: Attempt = { host: this.host, method, path: withQuery(path, options.query) };
    const body = content && JSON.stringify(content.body);
    const headers = { accept: 'application/json', ...(content && { 'content-type': content.type }) };
    const answer = await begin({ agent: this.#agent, attempt, headers, signal, ...(body !== undefined && { body }) });
    const text = await textOf(answer, attempt, signal);
    return { status: answer.statusCode ?? 0, text };
  }
}

/** A POST is only repeated when the server has certainly not acted on it. */
function mayRepeat(method: Method, error: ApiProblem): boolean {
  return method === 'POST' ? error.status === 429 : error.temporary;
}

/** Adds query parameters to a path that may have some already. */
export function withQuery(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return path;
  const text = new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)])).toString();
  return `${path}${path.includes('?') ? '&' : '?'}${text}`;
}
