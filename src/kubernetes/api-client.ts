import pRetry from 'p-retry';
import { readAnswer } from './answer.ts';
import { ApiProblem, type Attempt, apiNonsense, refused } from './api-problem.ts';
import { begin, textOf } from './exchange.ts';
import type { Credentials } from './kubeconfig.ts';
import type { ApiList, ApiObject } from './objects.ts';
import { shapeOfObject, shapeOfPage } from './shapes.ts';
import { type Endpoint, KeptConnections, type Tunnel, TunnelAgent } from './tunnel.ts';
import { follow, type WatchOptions } from './watch.ts';

/** The field manager of our server-side apply. */
export const fieldManager = 'k8s-ha-action';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface RequestOptions {
  readonly query?: Query;
  /** Time limit of each attempt, ms. */
  readonly timeoutMs?: number;
  /** Time limit of all attempts together, ms; 0 means one attempt. */
  readonly retryMs?: number;
  /** The answer has objects without their content. Default: false. */
  readonly metadataOnly?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A request, as the client makes it. */
interface Asked extends RequestOptions {
  /** Whether the answer is a page of a list. */
  readonly isPage?: boolean;
}

interface Content {
  readonly body: unknown;
  readonly type: string;
}

/** The number of items per page of a list. */
const pageSize = 500;
/** The maximum number of pages of a list. */
const mostPages = 100;
/** Limit of an answer that is not JSON. */
const mostTextBytes = 1024 * 1024;
/** Attempts at a request whose answer is not valid: a proxy in between may have answered once. */
const nonsenseAttempts = 3;

/** A cluster's API through one of its API servers. It keeps its connections, or uses those that others use after it; close it at the end. */
export class ApiClient {
  /** The host through which the API is used, for errors and logs. */
  readonly host: string;
  readonly #agent: TunnelAgent;
  readonly #ownsAgent: boolean;
  /** Each watch occupies a connection, so watches have their own agent. */
  readonly #watchAgent: TunnelAgent;
  readonly #closing = new AbortController();

  /** @throws Problem KUBECONFIG_INVALID */
  constructor(tunnel: Tunnel, endpoint: Endpoint, credentials: Credentials | string | KeptConnections) {
    const isKept = credentials instanceof KeptConnections;
    const { agent, context } = isKept ? credentials : new KeptConnections(tunnel, endpoint, credentials);
    this.host = tunnel.host.name;
    this.#agent = agent;
    this.#ownsAgent = !isKept;
    this.#watchAgent = new TunnelAgent(tunnel, endpoint, context, { keepAlive: false });
  }

  /** Reads one object, or the resources of a group's path. Checks it against the schema of its kind in shapes.ts. @throws ApiProblem */
  async get<T = ApiObject>(path: string, options?: RequestOptions): Promise<T> {
    return await this.#json<T>('GET', path, undefined, options);
  }

  /** All items of a collection, read page by page. @throws ApiProblem */
  async list<T = ApiObject>(path: string, options?: RequestOptions): Promise<ApiList<T>> {
    const items: T[] = [];
    let from: string | undefined;
    for (let pages = 0; pages < mostPages; pages += 1) {
      const query = { ...options?.query, limit: pageSize, continue: from };
      const page = await this.#page<T>(path, { ...options, query, isPage: true });
      items.push(...(page.items ?? []));
      from = page.metadata.continue;
      if (!from) return { metadata: page.metadata, items };
    }
    throw apiNonsense(this.#attempt('GET', path), `a list of more than ${mostPages} pages`);
  }

  /** POST to a collection. Not retried if the server may have received it. @throws ApiProblem */
  async create<T = ApiObject>(path: string, body: ApiObject, options?: RequestOptions): Promise<T> {
    return await this.#json<T>('POST', path, { body, type: 'application/json' }, options);
  }

  /** A JSON merge patch. @throws ApiProblem */
  async patch<T = ApiObject>(path: string, body: unknown, options?: RequestOptions): Promise<T> {
    return await this.#json<T>('PATCH', path, { body, type: 'application/merge-patch+json' }, options);
  }

  /** Server-side apply; takes over fields of other managers, because the file is the source of truth. @throws ApiProblem */
  async apply<T = ApiObject>(path: string, body: ApiObject, options?: RequestOptions): Promise<T> {
    const query = { fieldManager, force: true, ...options?.query };
    // JSON is YAML, and the server takes this media type for both.
    return await this.#json<T>('PATCH', path, { body, type: 'application/apply-patch+yaml' }, { ...options, query });
  }

  /** Deletes an object, its dependents in the background; false if it does not exist. @throws ApiProblem */
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

  /** One attempt, which returns any status: for /readyz, whose failure is information. @throws ApiProblem if there is no answer */
  async raw(
    path: string,
    options?: RequestOptions & { readonly mostBytes?: number },
  ): Promise<{ readonly status: number; readonly text: string }> {
    return await this.#once('GET', path, undefined, options, options?.mostBytes ?? mostTextBytes);
  }

  /**
   * Calls `onEvent` for each change under a collection's path until `signal` aborts; reconnects when a connection is lost.
   * Without a resourceVersion it begins with all existing objects as ADDED, and again after each restart from the beginning:
   * so ADDED means "this is its state now".
   * @throws ApiProblem if the server refuses permanently; errors of `onEvent`
   */
  async watch<T = ApiObject>(path: string, options: WatchOptions<T>): Promise<void> {
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    await follow(this.#watchAgent, this.host, path, { ...options, signal });
  }

  /** Aborts pending requests. Returns at once, so a dead host does not delay the end. */
  close(): void {
    this.#closing.abort();
    if (this.#ownsAgent) this.#agent.destroy();
    this.#watchAgent.destroy();
  }

  async #page<T>(path: string, options: Asked): Promise<ApiList<T>> {
    return await this.#repeated('GET', options, async () => {
      const text = await this.#accepted('GET', path, undefined, options);
      return readAnswer(this.#attempt('GET', path), text, shapeOfPage(path)) as ApiList<T>;
    });
  }

  async #json<T>(method: Method, path: string, content: Content | undefined, options: RequestOptions = {}): Promise<T> {
    return await this.#repeated(method, options, async () => {
      const text = await this.#accepted(method, path, content, options);
      // The answer to a deletion depends on the kind, and only confirms the request.
      const shape = method === 'DELETE' ? undefined : shapeOfObject(path);
      return readAnswer(this.#attempt(method, path), text, shape) as T;
    });
  }

  async #repeated<T>(
    method: Method,
    { retryMs = 30_000, signal }: RequestOptions,
    attempt: () => Promise<T>,
  ): Promise<T> {
    if (retryMs === 0) return await attempt();
    return await pRetry(attempt, {
      retries: 20,
      minTimeout: 100,
      maxTimeout: 2000,
      randomize: true,
      maxRetryTime: retryMs,
      shouldRetry: ({ error, attemptNumber }) => error instanceof ApiProblem && mayRepeat(method, error, attemptNumber),
      ...(signal && { signal }),
    });
  }

  /** The text of a successful answer. @throws ApiProblem */
  async #accepted(method: Method, path: string, content: Content | undefined, options: Asked): Promise<string> {
    const { status, text } = await this.#once(method, path, content, options);
    if (status >= 400) throw refused(this.#attempt(method, path), status, text);
    if (status >= 200 && status < 300) return text;
    throw apiNonsense(this.#attempt(method, path), `the status ${status}`);
  }

  #attempt(method: Method, path: string): Attempt {
    return { host: this.host, method, path };
  }

  async #once(method: Method, path: string, content?: Content, options: Asked = {}, limit?: number) {
    const signals = [this.#closing.signal, AbortSignal.timeout(options.timeoutMs ?? 10_000), options.signal];
    const signal = AbortSignal.any(signals.filter((one) => one !== undefined));
    const attempt = this.#attempt(method, withQuery(path, options.query));
    const body = content && JSON.stringify(content.body);
    const headers = { accept: acceptOf(options), ...(content && { 'content-type': content.type }) };
    const answer = await begin({ agent: this.#agent, attempt, headers, signal, ...(body !== undefined && { body }) });
    const text = await textOf(answer, attempt, signal, limit);
    return { status: answer.statusCode ?? 0, text };
  }
}

/** Source: kubernetes.io/docs/reference/using-api/api-concepts, "metadata-only fetches" */
function acceptOf({ metadataOnly = false, isPage = false }: Asked): string {
  const kind = `PartialObjectMetadata${isPage ? 'List' : ''}`;
  return metadataOnly ? `application/json;as=${kind};g=meta.k8s.io;v=v1` : 'application/json';
}

/** A POST is repeated only if the server has certainly not acted on it. */
function mayRepeat(method: Method, error: ApiProblem, attempts: number): boolean {
  if (method === 'POST') return error.status === 429;
  return error.temporary || (error.code === 'API_NONSENSE' && attempts < nonsenseAttempts);
}

/** Adds query parameters to a path that may already have some. */
export function withQuery(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return path;
  const text = new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)])).toString();
  return `${path}${path.includes('?') ? '&' : '?'}${text}`;
}
