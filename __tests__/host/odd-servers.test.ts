import type { Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { connect } from '../../src/host/connection.ts';
import { openHost } from '../../src/host/index.ts';
import { runCommand } from '../../src/host/run.ts';
import { RecordingLog } from '../../src/log.ts';
import { OddSshServer, tcpServer } from './odd-ssh-server.ts';

const log = new RecordingLog();

/** Repeats a text as fast as it is read. */
function flood(socket: Socket, text: string): void {
  const go = () => {
    while (socket.writable && socket.write(text));
  };
  socket.on('drain', go);
  go();
}

test.each<[what: string, behave: (socket: Socket) => void]>([
  ['drips a byte at a time', (socket) => void drip(socket, 'SSH-2.0-OpenSSH_9.2 and so on and on')],
  ['greets without an end', (socket) => flood(socket, 'welcome\r\n'.repeat(1000))],
  ['sends a line without an end', (socket) => flood(socket, 'x'.repeat(10_000))],
  ['sends packets that are none', (socket) => flood(socket, `SSH-2.0-OpenSSH_9.2\r\n${'\0'.repeat(10_000)}`)],
])('a server that %s is unreachable after its time', async (_, behave) => {
  using odd = new OddSshServer({});
  const { access } = await odd.listen();
  const { server, port } = await tcpServer(behave);
  const host = { name: 'odd', address: '127.0.0.1', port, user: 'root' };
  const began = performance.now();
  const connecting = connect(host, { ...access, connectTimeout: 700 }, log);
  await expect(connecting).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' });
  expect(performance.now() - began).toBeLessThan(5000);
  server.close();
});

function drip(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.writable) socket.write(text[at++ % text.length] ?? '');
  }, 50);
  socket.on('close', () => clearInterval(timer));
}

test('a server that accepts the login and never starts a command is a problem that names the host', async () => {
  using odd = new OddSshServer({});
  const { host, access } = await odd.listen();
  const opening = openHost(host, access, { dryRun: true, log });
  await expect(opening).rejects.toMatchObject({ code: 'HOST_SILENT', fields: { host: 'odd' } });
  const connection = await connect(host, access, log);
  await expect(runCommand(connection, host, 'true', {})).rejects.toMatchObject({ code: 'HOST_SILENT' });
  connection.close();
});

test('one that never opens a forwarding is a problem, and the next request is made nevertheless', async () => {
  using odd = new OddSshServer({});
  const { host, access } = await odd.listen();
  const connection = await connect(host, access, log);
  const forwarding = connection.forward('10.0.0.1', 6443);
  await expect(forwarding).rejects.toMatchObject({ code: 'FORWARD_FAILED', message: /no answer within 500 ms/ });
  connection.close();
  const through = { ...host, name: 'behind', address: '10.0.0.9', jump: host };
  const known = `${access.knownHosts}\n`;
  const connecting = connect(through, { ...access, knownHosts: known, connectTimeout: 500 }, log);
  await expect(connecting).rejects.toMatchObject({ code: 'HOST_UNREACHABLE', message: /no answer within 500 ms/ });
});

test('data after the connection was cut is ignored', async () => {
  let timer: NodeJS.Timeout | undefined;
  using odd = new OddSshServer({
    session: (session) =>
      session.on('exec', (accept) => {
        const stream = accept();
        timer = setInterval(() => stream.write('y\n'.repeat(10_000)), 5);
      }),
  });
  const { host, access } = await odd.listen();
  const opening = openHost(host, access, { dryRun: true, log });
  await expect(opening).rejects.toMatchObject({ code: 'HOST_NONSENSE', fields: { host: 'odd' } });
  await odd.gone.promise;
  clearInterval(timer);
});
