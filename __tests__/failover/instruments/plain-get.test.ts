import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { plainGet } from '../../../src/failover/instruments/plain-get.ts';

/** The result of a request to a server with this answer, within a time, in milliseconds. */
async function got(answer: RequestListener, withinMs = 500) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = { name: 'etcd-1', address: '127.0.0.1', port: 22, user: 'root' };
  const forward = async () => connect((server.address() as AddressInfo).port, '127.0.0.1');
  const began = performance.now();
  try {
    const question = { address: '127.0.0.1', port: 2381, path: '/metrics', signal: AbortSignal.timeout(withinMs) };
    const outcome = await plainGet({ host, forward }, question).catch((error: Error) => error.message);
    return { outcome, milliseconds: performance.now() - began };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('an answer has its status and its text', async () => {
  const { outcome } = await got((_, response) => void response.writeHead(503).end('not yet'));
  expect(outcome).toEqual({ status: 503, text: 'not yet' });
});

test('its time also ends a connection that does not open, and closes it when it opens later', async () => {
  const late = Promise.withResolvers<PassThrough>();
  const host = { name: 'node-1', address: '127.0.0.1', port: 22, user: 'root' };
  const question = { address: '10.96.0.2', port: 53, path: '/', signal: AbortSignal.timeout(20) };
  await expect(plainGet({ host, forward: () => late.promise }, question)).rejects.toThrow(/aborted/);
  const stream = new PassThrough();
  late.resolve(stream);
  await once(stream, 'close');
});

test('an endless answer fails by its size, and a slow one by its time', async () => {
  const large = await got((_, response) => void response.end('x'.repeat(5_000_000)), 20_000);
  expect(large.outcome).toBe('the answer has more than 4 MiB');
  const slow = await got((_, response) => void setInterval(() => response.write('x'), 20).unref());
  expect(slow.outcome).toMatch(/aborted/);
  expect(slow.milliseconds).toBeLessThan(3000);
});
