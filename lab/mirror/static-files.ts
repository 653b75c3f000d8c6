import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, normalize } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Fault } from './faults.ts';
import { type ByteRange, parseRange } from './range.ts';

/** URL folders that lie elsewhere below the root. */
const aliases: Readonly<Record<string, string>> = { '/debian/': '/apt/' };

/** The path below the root for a URL; `undefined` for what is no path below it. */
export function filePath(root: string, url: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(new URL(url, 'http://mirror').pathname);
  } catch {
    return undefined;
  }
  if (path.includes('\0') || path.split('/').includes('..')) return undefined;
  for (const [from, to] of Object.entries(aliases)) if (path.startsWith(from)) path = to + path.slice(from.length);
  return join(root, normalize(path));
}

/**
 * Answers a GET or HEAD request with a file, or with the given fault. Headers that the response has already stay.
 * No path, or one that is no file, is answered by 404.
 */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  path: string | undefined,
  fault?: Fault,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405);
  if (fault?.kind === 'status') return end(response, fault.status);
  if (fault?.kind === 'endless') return await sendForEver(response);
  const stats = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || stats?.isFile() !== true) return end(response, 404);
  if (isUnchanged(request, stats)) return end(response, 304);

  const range = parseRange(request.headers.range, stats.size);
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${stats.size}`);
    return end(response, 416);
  }
  const part = range ?? { first: 0, last: stats.size - 1 };
  if (range !== undefined) response.setHeader('Content-Range', `bytes ${part.first}-${part.last}/${stats.size}`);
  response.writeHead(range === undefined ? 200 : 206, {
    'Content-Type': response.getHeader('Content-Type') ?? 'application/octet-stream',
    'Content-Length': part.last - part.first + 1,
    'Accept-Ranges': 'bytes',
    'Last-Modified': stats.mtime.toUTCString(),
    ETag: etag(stats),
  });
  if (request.method === 'HEAD' || stats.size === 0) {
    response.end();
    return;
  }
  await sendPart(path, part, response, fault);
}

async function sendPart(path: string, part: ByteRange, response: ServerResponse, fault: Fault | undefined) {
  const breaksAt = fault?.kind === 'break-off' && fault.after <= part.last ? fault.after : undefined;
  if (breaksAt !== undefined && breaksAt <= part.first) return breakOff(response);
  const last = breaksAt === undefined ? part.last : breaksAt - 1;
  const file = createReadStream(path, { start: part.first, end: last, highWaterMark: 1 << 20 });
  const body = fault?.kind === 'corrupt' ? file.pipe(corrupter((fault.at ?? 0) - part.first)) : file;
  body.pipe(response, { end: breaksAt === undefined });
  // A client may disconnect during the transfer: then only the file must be closed.
  response.once('close', () => file.destroy());
  await finished(body).catch(() => undefined);
  if (breaksAt !== undefined) breakOff(response);
}

async function sendForEver(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  const endless = new Readable({ read: () => void endless.push('and so on '.repeat(1000)) });
  endless.pipe(response);
  response.once('close', () => endless.destroy());
  await finished(response).catch(() => undefined);
}

/** Cuts the connection after what was sent has left: the client gets less than Content-Length promised. */
function breakOff(response: ServerResponse): void {
  response.flushHeaders();
  response.socket?.destroySoon();
}

function corrupter(at: number): Transform {
  let position = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const index = at - position;
      position += chunk.length;
      if (index >= 0 && index < chunk.length) chunk.writeUInt8(chunk.readUInt8(index) ^ 0xff, index);
      done(null, chunk);
    },
  });
}

function isUnchanged(request: IncomingMessage, stats: Stats): boolean {
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  return request.headers['if-none-match'] === etag(stats) || Math.floor(stats.mtimeMs / 1000) * 1000 <= since;
}

function etag(stats: Stats): string {
  return `"${stats.size.toString(16)}-${Math.floor(stats.mtimeMs).toString(16)}"`;
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Length': 0 }).end();
}
