import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { bytesOf } from '../../entry/bytes.ts';
import type { Tunnel } from '../../kubernetes/index.ts';
import { openStream } from './open-stream.ts';

export interface PlainAnswer {
  readonly status: number;
  readonly text: string;
}

/** A member of etcd has 200 KiB of metrics. */
const mostBytes = 4 * 1024 * 1024;

/** One plain HTTP request from a host, on its own connection, which `signal` always ends. @throws Error */
export async function plainGet(
  tunnel: Tunnel,
  { address, port, path, signal }: { address: string; port: number; path: string; signal: AbortSignal },
): Promise<PlainAnswer> {
  const stream = await openStream(tunnel, address, port, signal);
  return await new Promise<PlainAnswer>((resolve, reject) => {
    // Node's type requires a Socket, but uses only what every stream has.
    const asked = request({ path, createConnection: () => stream as Duplex as never, signal });
    asked.once('response', (answer) => {
      const text = bytesOf(answer, mostBytes, (what) => new Error(`the answer has ${what}`));
      text.then((bytes) => resolve({ status: answer.statusCode ?? 0, text: bytes.text() }), reject);
    });
    asked.once('error', reject);
    asked.end();
  });
}
