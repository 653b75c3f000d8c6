import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';

/** The parts of fetch's options that are used here. */
export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the request, and the body of its answer. */
  readonly signal: AbortSignal;
}

/** GitHub's API refuses requests without it. Source: docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api */
const userAgent = 'k8s-ha-action';

/** Answers with these never have a body, and a Response refuses one. */
const bodiless: ReadonlySet<number | undefined> = new Set([204, 205, 304]);

/**
 * A GET request that follows no redirects, through the proxies that the runner's environment names: HTTPS_PROXY, HTTP_PROXY and
 * NO_PROXY, in upper or lower case. Node's `fetch` uses them only in a process that was started with NODE_USE_ENV_PROXY=1, which
 * GitHub's runner does not set. Certificates of NODE_EXTRA_CA_CERTS are trusted, as everywhere in Node.
 * @throws Error of the connection, of the proxy or of the signal
 */
export async function proxiedGet(url: URL, { headers = {}, signal }: GetOptions): Promise<Response> {
  const { Agent, get } = url.protocol === 'https:' ? https : http;
  const request = get(url, {
    agent: new Agent({ proxyEnv: process.env }),
    headers: { 'user-agent': userAgent, ...headers },
    signal,
  });
  const message = await responseTo(request);
  const body = bodiless.has(message.statusCode) ? null : Readable.toWeb(message);
  return new Response(body, { status: message.statusCode ?? 0, headers: headersOf(message) });
}

async function responseTo(request: http.ClientRequest): Promise<IncomingMessage> {
  const [message] = await once(request, 'response');
  return message;
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct))
    for (const value of values) headers.append(name, value);
  return headers;
}
