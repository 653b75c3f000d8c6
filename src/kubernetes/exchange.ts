import type { IncomingMessage } from 'node:http';
import { type Agent, request } from 'node:https';
import { bytesOf } from '../entry/bytes.ts';
import { type Attempt, apiNonsense, unanswered } from './api-problem.ts';

/** One HTTP request and the head of its answer. */
export interface Exchange {
  readonly agent: Agent;
  readonly attempt: Attempt;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** The maximum size of an answer. A page of 500 nodes with fifty images each has 10 MiB. */
const mostBytes = 32 * 1024 * 1024;

/**
 * Sends a request and resolves with the answer's head.
 * @throws ApiProblem if there is no answer: refused, reset, timed out, wrong certificate, not HTTP
 */
export async function begin(exchange: Exchange): Promise<IncomingMessage> {
  const { agent, attempt, headers, body, signal } = exchange;
  const { method, path } = attempt;
  return await new Promise((resolve, reject) => {
    // With a body of known length there is no chunked encoding, and one packet less.
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const outgoing = request({ agent, method, path, host: 'kubernetes', headers: { ...headers, ...length }, signal });
    outgoing.once('response', resolve);
    const fail = (error: unknown) => {
      // The server has closed a kept connection just before, such as by a restart: it has not read the request.
      const isStale = outgoing.reusedSocket && method === 'GET' && wasReset(error) && !signal.aborted;
      if (isStale) resolve(begin(exchange));
      else reject(unanswered(attempt, signal.aborted ? signal.reason : error));
    };
    outgoing.on('error', fail);
    // Node reports an abort only if there is a socket, which a host that drops all packets never provides.
    signal.addEventListener('abort', fail, { once: true });
    outgoing.once('close', () => signal.removeEventListener('abort', fail));
    if (signal.aborted) fail(signal.reason);
    outgoing.end(body);
  });
}

const wasReset = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ECONNRESET';

/**
 * The complete text of the answer. The request's signal ends it in any case, even if data keeps arriving slowly.
 * @throws ApiProblem if it is cut off; API_NONSENSE if it is longer than `limit` bytes
 */
export async function textOf(
  answer: IncomingMessage,
  attempt: Attempt,
  signal: AbortSignal,
  limit = mostBytes,
): Promise<string> {
  try {
    return (await bytesOf(answer, limit, (what) => apiNonsense(attempt, what))).text();
  } catch (error) {
    throw unanswered(attempt, signal.aborted ? signal.reason : error);
  }
}
