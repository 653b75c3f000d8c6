import type { Agent } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { LineReader } from '../entry/lines.ts';
import { readAnswer } from './answer.ts';
import { ApiProblem, type Attempt, apiNonsense, refused, unanswered } from './api-problem.ts';
import { begin, textOf } from './exchange.ts';
import type { ApiObject, WatchEvent } from './objects.ts';
import { shapeOfLine } from './shapes.ts';

export interface WatchOptions<T> {
  readonly onEvent: (event: WatchEvent<T>) => void | Promise<void>;
  readonly signal: AbortSignal;
  /** Begin after this version. Default: begin with all existing objects. */
  readonly resourceVersion?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  /** A connection that is silent for this long counts as dead. The server sends a bookmark about once a minute. */
  readonly idleMs?: number;
  /** Called each time the connection is lost and re-opened. */
  readonly onLost?: (reason: string) => void;
}

/** One event of a watch, also for objects that the caller does not want. */
export type Line = { readonly type: string; readonly object: ApiObject & { readonly code?: number } };

/** Limit of one line: etcd accepts objects of 1.5 MiB, which are larger in JSON. */
const lineBytes = 8 * 1024 * 1024;
/** Limit of a whole watch: at first, and per further second. Thousands of nodes send less, and readers keep what they receive. */
const most = { lines: 20_000, linesASecond: 100, bytes: 256 * 1024 * 1024, bytesASecond: 1024 * 1024 };
/** A connection that ends earlier counts as useless; the next ones are made with increasing delays. */
const usefulMs = 1000;
/** Limit of connections of one watch with invalid answers. */
const mostNonsense = 3;

/**
 * Follows a collection until aborted; see ApiClient.watch. A lost connection is made again; after short ones there are pauses of up to 2 s.
 * @throws ApiProblem on a refusal that another try does not change, such as 401 or 403, and after three answers that make no sense
 */
export async function follow<T>(agent: Agent, host: string, path: string, options: WatchOptions<T>): Promise<void> {
  const { signal, onLost } = options;
  let version = options.resourceVersion;
  let [failures, nonsense] = [0, 0];
  const reader = new WatchReader({ host, method: 'WATCH', path });
  while (!signal.aborted) {
    const began = performance.now();
    let lost: ApiProblem | undefined;
    try {
      for await (const line of linesOf(agent, reader, version, options)) {
        if (line.type === 'ERROR') throw refused(reader.attempt, line.object.code ?? 500, say(line));
        version = line.object.metadata.resourceVersion ?? version;
        if (line.type !== 'BOOKMARK') await options.onEvent(line as unknown as WatchEvent<T>);
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiProblem)) throw error;
      lost = error;
      if (error.code === 'API_NONSENSE') nonsense += 1;
      if (isFinal(error, nonsense)) throw error;
      // 410 Gone: the resourceVersion expired; re-list.
      if (error.status === 410) version = undefined;
      onLost?.(error.message);
    }
    const useful = performance.now() - began >= usefulMs;
    failures = useful ? 0 : failures + 1;
    if (useful && !lost) continue;
    await delay(Math.min(2000, 50 * 2 ** Math.max(1, failures)), undefined, { signal }).catch(() => undefined);
  }
}

/** Whether another connection would end in the same way. */
function isFinal(error: ApiProblem, nonsense: number): boolean {
  if (error.code === 'API_NONSENSE') return nonsense >= mostNonsense;
  return error.status !== 410 && !error.temporary;
}

const say = (line: Line): string => JSON.stringify({ ...line.object, kind: 'Status' });

/** The lines of one connection. Ends when the server ends it, which it does every few minutes. */
async function* linesOf<T>(
  agent: Agent,
  reader: WatchReader,
  version: string | undefined,
  options: WatchOptions<T>,
): AsyncGenerator<Line> {
  const { fieldSelector, labelSelector, idleMs = 90_000 } = options;
  const query = new URLSearchParams({ watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: '290' });
  if (version !== undefined) query.set('resourceVersion', version);
  if (fieldSelector !== undefined) query.set('fieldSelector', fieldSelector);
  if (labelSelector !== undefined) query.set('labelSelector', labelSelector);
  const { attempt } = reader;
  const idle = new AbortController();
  const expire = () => idle.abort(new DOMException(`nothing heard for ${idleMs} ms`, 'TimeoutError'));
  let timer = setTimeout(expire, Math.min(idleMs, 10_000));
  const signal = AbortSignal.any([options.signal, idle.signal]);
  try {
    const answer = await begin({
      agent,
      attempt: { ...attempt, method: 'GET', path: `${attempt.path}?${query}` },
      signal,
    });
    if (answer.statusCode !== 200) {
      throw refused(attempt, answer.statusCode ?? 0, await textOf(answer, attempt, signal));
    }
    reader.begin();
    clearTimeout(timer);
    timer = setTimeout(expire, idleMs);
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      for (const line of reader.take(chunk)) {
        // Only a complete line counts as a sign of life, not single bytes.
        timer.refresh();
        yield line;
      }
    }
  } catch (error) {
    throw unanswered(attempt, signal.aborted ? signal.reason : error);
  } finally {
    clearTimeout(timer);
  }
}

/** Reads the lines of one watch, over all of its connections. */
export class WatchReader {
  readonly attempt: Attempt;
  readonly #shape: ReturnType<typeof shapeOfLine>;
  readonly #began = performance.now();
  readonly #refuse: (what: string) => ApiProblem;
  #reader: LineReader;
  #lines = 0;
  #bytes = 0;

  constructor(attempt: Attempt) {
    this.attempt = attempt;
    this.#shape = shapeOfLine(attempt.path);
    this.#refuse = (what) => apiNonsense(attempt, what);
    this.#reader = new LineReader(lineBytes, this.#refuse);
  }

  /** Another connection. */
  begin(): void {
    this.#reader = new LineReader(lineBytes, this.#refuse);
  }

  /** The events that end in this piece. @throws ApiProblem API_NONSENSE */
  take(piece: Buffer): readonly Line[] {
    const lines = this.#reader.take(piece).filter((line) => line !== '');
    this.#bytes += piece.length;
    this.#lines += lines.length;
    const seconds = (performance.now() - this.#began) / 1000;
    const tooMany = this.#lines > most.lines + seconds * most.linesASecond;
    if (tooMany || this.#bytes > most.bytes + seconds * most.bytesASecond)
      throw this.#refuse('more events than any cluster has');
    return lines.map((line) => readAnswer(this.attempt, line, this.#shape) as Line);
  }
}
