import type { Agent } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiProblem, type Attempt, refused, unanswered } from './api-problem.ts';
import { begin, textOf } from './exchange.ts';
import type { ApiObject, WatchEvent } from './objects.ts';

export interface WatchOptions<T> {
  readonly onEvent: (event: WatchEvent<T>) => void | Promise<void>;
  readonly signal: AbortSignal;
  /** Begin after this version; absent: begin with what is there. */
  readonly resourceVersion?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  /** A connection that says nothing for this long is taken for dead. The server sends a bookmark about once a minute. */
  readonly idleMs?: number;
  /** Told each time the connection was lost and is made anew. */
  readonly onLost?: (reason: string) => void;
}

type Line = { readonly type: string; readonly object: ApiObject & { readonly code?: number } };

/** Follows a collection until aborted; see ApiClient.watch. */
export async function follow<T>(agent: Agent, host: string, path: string, options: WatchOptions<T>): Promise<void> {
  const { signal, onLost } = options;
  let version = options.resourceVersion;
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const line of linesOf(agent, host, path, version, options)) {
        if (line.type === 'ERROR') throw refused({ host, method: 'WATCH', path }, line.object.code ?? 500, say(line));
        failures = 0;
        version = line.object.metadata.resourceVersion ?? version;
        if (line.type !== 'BOOKMARK') await options.onEvent(line as unknown as WatchEvent<T>);
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiProblem)) throw error;
      // 410: the version is too old to go on from, so what is there now has to be told anew.
      if (error.status === 410) version = undefined;
      else if (!error.temporary) throw error;
      onLost?.(error.message);
      failures += 1;
      const wait = Math.min(2000, 50 * 2 ** failures);
      await delay(wait, undefined, { signal }).catch(() => undefined);
    }
  }
}

const say = (line: Line): string => JSON.stringify({ ...line.object, kind: 'Status' });

/** The lines of one connection. Ends when the server ends it, which it does every few minutes. */
async function* linesOf<T>(
  agent: Agent,
  host: string,
  path: string,
  version: string | undefined,
  options: WatchOptions<T>,
): AsyncGenerator<Line> {
  const { fieldSelector, labelSelector, idleMs = 90_000 } = options;
  const query = new URLSearchParams({ watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: '290' });
  if (version !== undefined) query.set('resourceVersion', version);
  if (fieldSelector !== undefined) query.set('fieldSelector', fieldSelector);
  if (labelSelector !== undefined) query.set('labelSelector', labelSelector);
  const attempt: Attempt = { host, method: 'WATCH', path };
  const idle = new AbortController();
  const expire = () => idle.abort(new DOMException(`nothing heard for ${idleMs} ms`, 'TimeoutError'));
  let timer = setTimeout(expire, Math.min(idleMs, 10_000));
  const signal = AbortSignal.any([options.signal, idle.signal]);
  try {
    const answer = await begin({ agent, attempt: { ...attempt, method: 'GET', path: `${path}?${query}` }, signal });
    if (answer.statusCode !== 200) {
      throw refused(attempt, answer.statusCode ?? 0, await textOf(answer, attempt, signal));
    }
    let rest = '';
    answer.setEncoding('utf8');
    for await (const chunk of answer as AsyncIterable<string>) {
      clearTimeout(timer);
      timer = setTimeout(expire, idleMs);
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield JSON.parse(line) as Line;
    }
  } catch (error) {
    throw unanswered(attempt, signal.aborted ? signal.reason : error);
  } finally {
    clearTimeout(timer);
  }
}
