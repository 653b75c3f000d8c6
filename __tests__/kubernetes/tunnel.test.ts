import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createSecureContext, createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Tunnel, TunnelAgent } from '../../src/kubernetes/index.ts';

let server: Server;
let crt: string;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tunnel-'));
  const [keyFile, crtFile] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
  const subject = ['-subj', '/CN=kubernetes', '-addext', 'subjectAltName=DNS:kubernetes'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', keyFile, '-out', crtFile], {
    stdio: 'pipe',
  });
  crt = readFileSync(crtFile, 'utf8');
  // Answers as if more would follow, and closes: a server that stops.
  server = createServer({ key: readFileSync(keyFile), cert: crt }, (socket) => {
    socket
      .on('error', () => undefined)
      .once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nyes'));
  });
  rmSync(folder, { recursive: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
});

/** Like a channel of SSH: not a socket, and open for writing when its far end has closed. */
function halfOpen(port: number): Duplex {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  const stream = new Duplex({
    allowHalfOpen: true,
    read: () => undefined,
    write: (chunk, _encoding, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk) => stream.push(chunk));
  socket.on('end', () => stream.push(null));
  return stream;
}

function halfOpenTunnel(): { readonly tunnel: Tunnel; readonly streams: Duplex[] } {
  const streams: Duplex[] = [];
  const { port } = server.address() as AddressInfo;
  const forward = async () => {
    const stream = halfOpen(port);
    streams.push(stream);
    return await Promise.resolve(stream);
  };
  return { tunnel: { host: { name: 'master-1', address: '127.0.0.1', port: 22, user: 'root' }, forward }, streams };
}

async function ask(agent: TunnelAgent): Promise<string> {
  const [answer] = await once(get({ agent, host: 'kubernetes', path: '/', timeout: 2000 }), 'response');
  return await text(answer);
}

test('a kept connection that the far end has closed is not used again', async () => {
  const { tunnel, streams } = halfOpenTunnel();
  const endpoint = { address: '127.0.0.1', port: 5002 };
  const agent = new TunnelAgent(tunnel, endpoint, createSecureContext({ ca: crt }), { maxSockets: 1 });
  for (const turn of [1, 2, 3]) expect([await ask(agent), streams.length]).toEqual(['yes', turn]);
  agent.destroy();
}, 10_000);
