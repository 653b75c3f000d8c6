import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type ApiClient, KeptConnections, openKubernetes } from '../../src/kubernetes/index.ts';
import { type OddCluster, oddCluster } from './odd-api-server.ts';

let cluster: OddCluster;
let server: Server;
let handshakes = 0;
/** The requests that get no answer: their connection is closed, as by a server that has just ended. */
let unanswered: readonly number[] = [];
let asked: string[] = [];

beforeAll(async () => {
  cluster = await oddCluster();
  server = createServer(cluster.server, answer);
  server.on('secureConnection', () => {
    handshakes += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  [handshakes, asked, unanswered] = [0, [], []];
});

function answer({ method, socket }: IncomingMessage, response: ServerResponse): void {
  asked.push(String(method));
  if (unanswered.includes(asked.length)) socket.destroy();
  else response.end('{"metadata":{"name":"one"}}');
}

/** Opens clients one after the other over the same connections. */
function keeping(): { readonly open: () => ApiClient; readonly kept: KeptConnections } {
  const { port } = server.address() as AddressInfo;
  const host = { name: 'master-1', address: '127.0.0.1', port: 22, user: 'root' };
  const tunnel = { host, forward: async () => connect(port, '127.0.0.1') };
  const endpoint = { address: '127.0.0.1', port };
  const kept = new KeptConnections(tunnel, endpoint, { server: '', ...cluster.client });
  return { open: () => openKubernetes(tunnel, kept, endpoint), kept };
}

const path = '/api/v1/namespaces/one';
const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'one' } };

test('clients one after the other use one connection, which the end of a client does not close', async () => {
  const { open, kept } = keeping();
  for (let turn = 0; turn < 3; turn += 1) {
    const api = open();
    expect((await api.raw('/readyz')).status).toBe(200);
    expect((await api.get(path)).metadata.name).toBe('one');
    api.close();
  }
  expect([asked.length, handshakes]).toEqual([6, 1]);
  kept.agent.destroy();
});

test('a read is repeated, at once and once, if the kept connection ends without an answer', async () => {
  const { open, kept } = keeping();
  await open().raw('/readyz');
  unanswered = [2];
  expect((await open().raw('/readyz')).status).toBe(200);
  expect([asked.length, handshakes]).toEqual([3, 2]);
  kept.agent.destroy();
});

test('a read on a new connection, and a write, are not repeated', async () => {
  const { open, kept } = keeping();
  unanswered = [1, 3];
  await expect(open().raw('/readyz')).rejects.toThrow('socket hang up');
  await open().raw('/readyz');
  await expect(open().create('/api/v1/namespaces', body)).rejects.toThrow('socket hang up');
  expect(asked).toEqual(['GET', 'GET', 'POST']);
  kept.agent.destroy();
});
