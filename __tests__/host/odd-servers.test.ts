import type { Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { connect } from '../../src/host/connection.ts';
import { unreachable } from '../../src/host/connection-problems.ts';
import { openHost } from '../../src/host/index.ts';
import { runCommand } from '../../src/host/run.ts';
import { RecordingLog } from '../../src/log.ts';
import { type Oddity, OddSshServer, tcpServer } from './odd-ssh-server.ts';

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
  await expect(forwarding).rejects.toMatchObject({
    code: 'FORWARD_FAILED',
    message: expect.stringMatching(/no answer within 500 ms/),
  });
  connection.close();
  const through = { ...host, name: 'behind', address: '10.0.0.9', jump: host };
  const known = `${access.knownHosts}\n`;
  const connecting = connect(through, { ...access, knownHosts: known, connectTimeout: 500 }, log);
  await expect(connecting).rejects.toMatchObject({
    code: 'HOST_UNREACHABLE',
    message: expect.stringMatching(/no answer within 500 ms/),
  });
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

test('a login that takes long is waited for, up to its limit', async () => {
  using odd = new OddSshServer({ login: (context) => void setTimeout(() => context.accept(), 1500) });
  const { host, access } = await odd.listen();
  const patient = { ...access, connectTimeout: 1000 };
  (await connect(host, patient, log)).close();
  await expect(connect({ ...host, loginSeconds: 0.2 }, { ...patient, retries: 5 }, log)).rejects.toMatchObject({
    code: 'LOGIN_TIMEOUT',
    message: expect.stringMatching(/not let the user root in within 0\.2 s/),
    fields: { hint: expect.stringMatching(/ssh\.loginSeconds/) },
  });
});

/** As sshd does when PAM's account part refuses a user whose key was accepted. */
const turnAway: Oddity['login'] = (context, client) => {
  if (context.method === 'publickey' && context.signature) client.end();
  else if (context.method === 'publickey') context.accept();
  else context.reject();
};

test.each<[says: string, attempts: number]>([
  ['Your account has expired; please contact your system administrator.', 1],
  ['"System is booting up. Unprivileged users are not permitted to log in yet."', 3],
])('a server that ends a login with “%s” is a refusal with its words', async (says, attempts) => {
  let tries = 0;
  using odd = new OddSshServer({
    banner: says,
    login: (context, client) => {
      if (context.method === 'publickey' && context.signature) tries += 1;
      turnAway(context, client);
    },
  });
  const { host, access } = await odd.listen();
  await expect(connect(host, { ...access, retries: 2 }, log)).rejects.toMatchObject({
    code: 'LOGIN_REFUSED',
    message: expect.stringContaining(`ends the login of the user root; it says: ${says}`),
    fields: { detail: [says], hint: expect.stringMatching(/journalctl -t sshd/) },
  });
  expect(tries).toBe(attempts);
});

test.each<[says: string, hint: RegExp]>([
  ['Exceeded MaxStartups', /MaxStartups and PerSourcePenalties/],
  ['Not allowed at this time', /MaxStartups and PerSourcePenalties/],
  ['HTTP/1.1 400 Bad Request', /no firewall/],
])('a server that says “%s” in place of its version is unreachable with its words', async (says, hint) => {
  using odd = new OddSshServer({});
  const { access } = await odd.listen();
  const { server, port } = await tcpServer((socket) => socket.end(`${says}\r\n`));
  const connecting = connect({ name: 'odd', address: '127.0.0.1', port, user: 'root' }, access, log);
  await expect(connecting).rejects.toMatchObject({
    code: 'HOST_UNREACHABLE',
    message: expect.stringContaining(`it says: ${says}`),
    fields: { hint: expect.stringMatching(hint) },
  });
  server.close();
});

test('the failures of a name with several addresses are named', () => {
  const cause = new AggregateError([
    new Error('connect ECONNREFUSED ::1:22'),
    new Error('connect ETIMEDOUT 10.0.0.9:22'),
  ]);
  const { message } = unreachable({ address: 'node-1.lab', port: 22, user: 'root' }, cause);
  expect(message).toMatch(/by SSH: connect ECONNREFUSED ::1:22; connect ETIMEDOUT 10\.0\.0\.9:22$/);
});
