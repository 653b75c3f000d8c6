import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Tunnel } from '../kubernetes/index.ts';

export interface PlainAnswer {
  readonly status: number;
  readonly text: string;
}

/** One plain HTTP request from a host, on a connection of its own. @throws Error */
export async function plainGet(
  tunnel: Tunnel,
  { address, port, path, signal }: { address: string; port: number; path: string; signal: AbortSignal },
): Promise<PlainAnswer> {
  const stream = await tunnel.forward(address, port);
  return await new Promise<PlainAnswer>((resolve, reject) => {
    // Node's type wants a Socket, and uses no more of it than any stream has.
    const asked = request({ path, createConnection: () => stream as Duplex as never, signal });
    asked.once('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text })).once('error', reject);
    });
    asked.once('error', reject);
    asked.end();
  });
}
