import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, test } from '@jest/globals';
import { servedCertificate } from '../../src/observe/served-certificate.ts';
import { makeAuthorities } from '../../src/pki/authorities.ts';
import { spokenHost } from '../host/spoken-host.ts';

let server: Server | undefined;

afterEach(() => {
  server?.close();
});

async function askedOf(serving: Server): Promise<string> {
  server = serving;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const forward = async (address: string, to: number) => connect(to, address);
  return await servedCertificate({ host: spokenHost, forward }, { address: '127.0.0.1', port });
}

test('a server’s certificate is read, also if the server wants one of its client', async () => {
  const { etcd } = await makeAuthorities(new Date());
  const options = { cert: etcd.crt, key: etcd.key, requestCert: true, rejectUnauthorized: true };
  const tls = createTlsServer(options).on('tlsClientError', () => undefined);
  expect((await askedOf(tls)).trim()).toBe(etcd.crt.trim());
});

test('a server that speaks no TLS is a problem of its host', async () => {
  const plain = createServer((socket) => socket.end('hello\n'));
  await expect(askedOf(plain)).rejects.toMatchObject({ code: 'FORWARD_FAILED', fields: { host: spokenHost.name } });
});
