import { createHmac, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ResultsStore } from './results-store.ts';

/** The validity of signed addresses. */
const signedFor = 10 * 60_000;

/** A request for the bytes of an artifact. */
export interface BlobRequest {
  readonly url: URL;
  readonly method: string;
  readonly body: Buffer;
  readonly authorization: string | undefined;
}

/**
 * A URL that gives any client access to an artifact's bytes for a limited time.
 * Its path has three parts, because the storage client takes the first one for the account if the host is an address.
 */
export function signedAddress(origin: string, key: Buffer, id: number, right: 'write' | 'read'): string {
  const end = String(Date.now() + signedFor);
  return `${origin}/results/artifacts/${id}?se=${end}&sp=${right}&sig=${signature(key, id, right, end)}`;
}

/** Answers like Azure's storage: bytes are written at once or in blocks, and read. */
export function answerBlob(store: ResultsStore, key: Buffer, request: BlobRequest, response: ServerResponse): void {
  const { url, method, body, authorization } = request;
  const id = Number(url.pathname.split('/').at(-1));
  // Azure takes such a header for its own kind of credentials, also with a valid signature.
  if (authorization !== undefined) answer(response, 400, 'InvalidAuthenticationInfo');
  else if (!mayPass(key, id, method, url.searchParams)) answer(response, 403, 'AuthenticationFailed');
  else if (method === 'PUT') answer(response, ...put(store, id, url.searchParams, body));
  else send(store, id, response);
}

function send(store: ResultsStore, id: number, response: ServerResponse): void {
  const artifact = store.get(id);
  const bytes = store.read(id);
  if (!artifact || !bytes) {
    answer(response, 404, 'BlobNotFound');
    return;
  }
  response.writeHead(200, {
    'Content-Type': artifact.contentType,
    'Content-Length': bytes.length,
    'Content-Disposition': `attachment; filename="${artifact.name}"`,
  });
  response.end(bytes);
}

/** Long, because the client masks it in the log; without `=`, which the storage client drops. */
function signature(key: Buffer, id: number, right: string, end: string): string {
  return createHmac('sha256', key).update(`${id} ${right} ${end}`).digest('hex');
}

function mayPass(key: Buffer, id: number, method: string, query: URLSearchParams): boolean {
  const [end, right] = [query.get('se') ?? '0', query.get('sp') ?? ''];
  if (right !== (method === 'PUT' ? 'write' : 'read') || Number(end) < Date.now()) return false;
  return query.get('sig') === signature(key, id, right, end);
}

/** Put Blob, Put Block and Put Block List: the status, and a code if it failed. */
function put(store: ResultsStore, id: number, query: URLSearchParams, body: Buffer): [number, string] {
  const artifact = store.get(id);
  if (!artifact) return [404, 'ContainerNotFound'];
  if (artifact.finalized) return [409, 'BlobImmutableDueToPolicy'];
  const part = query.get('comp');
  if (part === 'block') store.stage(id, query.get('blockid') ?? '', body);
  else if (part === null) store.write(id, body);
  else if (part !== 'blocklist') return [400, 'InvalidQueryParameterValue'];
  else if (!store.commit(id, blocksOf(body.toString()))) return [400, 'InvalidBlockList'];
  return [201, ''];
}

/** The ids in a `<BlockList>`, in order. */
function blocksOf(list: string): readonly string[] {
  return [...list.matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]*)</g)].map((match) => match[1] ?? '');
}

function answer(response: ServerResponse, status: number, code: string): void {
  const common = { 'x-ms-request-id': randomBytes(16).toString('hex'), 'x-ms-version': '2025-11-05' };
  if (!code) {
    response.writeHead(status, { ...common, ETag: `"${Date.now()}"`, 'Last-Modified': new Date().toUTCString() });
    response.end();
    return;
  }
  response.writeHead(status, { ...common, 'Content-Type': 'application/xml', 'x-ms-error-code': code });
  response.end(`<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}
