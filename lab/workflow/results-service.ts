import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerBlob, signedAddress } from './results-blobs.ts';
import { methods, TwirpError } from './results-methods.ts';
import { answerRest } from './results-rest.ts';
import { ResultsStore } from './results-store.ts';
import { scopeOfToken } from './results-token.ts';

export interface ResultsService {
  /** For ACTIONS_RESULTS_URL. */
  readonly url: string;
  close(): Promise<void>;
}

const service = '/twirp/github.actions.results.api.v1.ArtifactService/';
/** The API is at 127.0.0.1, the blobs are at this name of it. */
const blobHost = 'localhost';

/**
 * GitHub's artifact service, as far as @actions/artifact uses it: Twirp methods in JSON,
 * and blobs that are uploaded in blocks like to Azure's storage. Bound to loopback, with its artifacts in a folder.
 * As on GitHub, the blobs have another host name, so that clients treat a redirect to them as one to another host.
 *
 * act has one too, but current clients cannot use it, and it overwrites artifacts of the same name without an error.
 */
export async function startResultsService(folder: string, port = 0): Promise<ResultsService> {
  const store = new ResultsStore(folder);
  const key = randomBytes(32);
  const server = createServer((request, response) => {
    respond(store, key, request, response).catch((error: unknown) => {
      if (error instanceof TwirpError) json(response, error.status, { code: error.code, msg: error.message });
      else json(response, 500, { code: 'internal', msg: String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function respond(
  store: ResultsStore,
  key: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  const body = Buffer.concat(await request.toArray());
  const { authorization } = request.headers;
  if (url.hostname === blobHost) {
    answerBlob(store, key, { url, body, authorization, method: request.method ?? 'GET' }, response);
    return;
  }
  if (url.pathname.startsWith('/api/')) {
    answerRest(store, { url, authorization, sign: signedFor(url, key) }, response);
    return;
  }
  const method = url.pathname.startsWith(service) ? methods[url.pathname.slice(service.length)] : undefined;
  if (!method || request.method !== 'POST') throw new TwirpError(404, 'bad_route', `no such method: ${url.pathname}`);
  const fields = JSON.parse(body.toString());
  const scope = scopeOfToken(authorization);
  if (!scope) throw new TwirpError(401, 'unauthenticated', 'the token has no scope for results');
  if (fields.workflow_run_backend_id !== scope.run)
    throw new TwirpError(403, 'permission_denied', 'that is another run');
  json(response, 200, method(store, { ...scope, request: fields, sign: signedFor(url, key) }));
}

function signedFor(url: URL, key: Buffer): (id: number, right: 'write' | 'read') => string {
  return (id, right) => signedAddress(`http://${blobHost}:${url.port}`, key, id, right);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}
