import { createReadStream } from 'node:fs';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';
import { bytesOf } from '../entry/bytes.ts';
import type { S3Request } from './s3-signature.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The body of a request: a file with so many bytes. */
export interface Sending {
  readonly path: string;
  readonly bytes: number;
}

/** A page of a thousand names. */
const mostBytes = 4 * 1024 * 1024;
/** Without a byte in either direction. */
const silentMs = 60_000;
/** For a store that does not know Expect: it gets the body then. */
const continueMs = 3_000;

/**
 * The answer to one request, without redirects, through the runner's proxy if it has one. A body is sent when the store has accepted the
 * headers: one that refuses a key closes the connection, and its reason would be lost with it.
 * @throws Error of the network, or if the file has another length
 */
export async function answerTo(
  { method, url }: S3Request,
  headers: Readonly<Record<string, string>>,
  sending?: Sending,
): Promise<Answer> {
  const { HttpClient } = await import('@actions/http-client');
  const agent = new HttpClient('k8s-ha-action').getAgent(url.href);
  const length = sending && { 'content-length': String(sending.bytes), expect: '100-continue' };
  const { request } = url.protocol === 'https:' ? https : http;
  const asked = request(url, { method, agent, headers: { ...headers, ...length } });
  asked.setTimeout(silentMs, () => asked.destroy(new Error(`no byte for ${silentMs / 1000} s`)));
  const message = await responseTo(asked, sending);
  const text = (await bytesOf(message, mostBytes, (what) => new Error(`its answer has ${what}`))).text();
  return { status: message.statusCode ?? 0, text };
}

async function responseTo(asked: ClientRequest, sending: Sending | undefined): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  asked.on('response', resolve).on('error', reject);
  if (!sending) asked.end();
  else sendWhenWanted(asked, sending, reject);
  return await promise;
}

function sendWhenWanted(asked: ClientRequest, { path, bytes }: Sending, reject: (error: unknown) => void): void {
  let began = false;
  const send = () => {
    if (began) return;
    began = true;
    pipeline(createReadStream(path), (data) => exactly(data, bytes), asked).catch(reject);
  };
  const late = setTimeout(send, continueMs);
  asked.on('continue', send).on('close', () => clearTimeout(late));
  asked.on('response', () => {
    began = true;
    clearTimeout(late);
  });
  asked.flushHeaders();
}

/** The same bytes; the request is cut if they are not as many as its head says. */
async function* exactly(data: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const piece of data) {
    length += piece.length;
    yield piece;
  }
  if (length !== bytes) throw new Error(`the file has ${length} bytes instead of ${bytes}`);
}
