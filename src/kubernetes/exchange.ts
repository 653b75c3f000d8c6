import type { IncomingMessage } from 'node:http';
import { type Agent, request } from 'node:https';
import { type Attempt, unanswered } from './api-problem.ts';

/** One HTTP request, whose answer has begun. */
export interface Exchange {
  readonly agent: Agent;
  readonly attempt: Attempt;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/**
 * Sends a request and resolves with the answer's head.
 * @throws ApiProblem when there is no answer: refused, reset, timed out, wrong certificate
 */
export async function begin(exchange: Exchange): Promise<IncomingMessage> {
  const { agent, attempt, headers, body, signal } = exchange;
  const { method, path } = attempt;
  return await new Promise((resolve, reject) => {
    // With a body of known length there is no chunked encoding, and one packet less.
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const outgoing = request({ agent, method, path, host: 'kubernetes', headers: { ...headers, ...length }, signal });
    outgoing.once('response', resolve);
    const fail = (error: unknown) => reject(unanswered(attempt, signal.aborted ? signal.reason : error));
    outgoing.on('error', fail);
    // Node tells of an abort only once there is a socket, which a host that swallows everything never gives.
    signal.addEventListener('abort', fail, { once: true });
    outgoing.once('close', () => signal.removeEventListener('abort', fail));
    if (signal.aborted) fail(signal.reason);
    outgoing.end(body);
  });
}

/**
 * The answer's whole text.
 * @throws ApiProblem when it breaks off
 */
export async function textOf(answer: IncomingMessage, attempt: Attempt, signal: AbortSignal): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw unanswered(attempt, signal.aborted ? signal.reason : error);
  }
}
