import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable, Transform } from 'node:stream';
import send from 'send';
import type { Fault } from './faults.ts';

/** A file to send. */
export interface Served {
  /** Nothing outside of it is sent. */
  readonly root: string;
  /** A URL's path below the root. */
  readonly path: string;
}

/** A part of a file, both ends included. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/**
 * Answers a GET or HEAD request with a file (ranges and conditions as in RFC 9110), or with the given fault. Headers that the
 * response has already stay. A path that is no file is answered by 404.
 */
export function sendFile(request: IncomingMessage, response: ServerResponse, { root, path }: Served, fault?: Fault) {
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405);
  if (fault?.kind === 'status') return end(response, fault.status);
  if (fault?.kind === 'endless') return sendForEver(response);
  const file = send(request, path, { root, dotfiles: 'allow', index: false, cacheControl: false });
  file.on('error', ({ status }: { readonly status: number }) => end(response, status));
  file.on('directory', () => end(response, 404));
  file.stream = (name, part) => sendPart(name, part as Part, response, fault);
  file.pipe(response);
}

function sendPart(name: string, part: Part, response: ServerResponse, fault: Fault | undefined) {
  const breaksAt = fault?.kind === 'break-off' && fault.after <= part.end ? fault.after : undefined;
  if (breaksAt !== undefined && breaksAt <= part.start) return breakOff(response);
  const last = breaksAt === undefined ? part.end : breaksAt - 1;
  const file = createReadStream(name, { start: part.start, end: last, highWaterMark: 1 << 20 });
  const body = fault?.kind === 'corrupt' ? file.pipe(corrupter((fault.at ?? 0) - part.start)) : file;
  body.pipe(response, { end: breaksAt === undefined });
  if (breaksAt !== undefined) body.once('end', () => breakOff(response));
  file.once('error', () => response.destroy());
  // A client may disconnect during the transfer: then only the file must be closed.
  response.once('close', () => file.destroy());
}

function sendForEver(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  const endless = new Readable({ read: () => void endless.push('and so on '.repeat(1000)) });
  endless.pipe(response);
  response.once('close', () => endless.destroy());
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

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Length': 0 }).end();
}
