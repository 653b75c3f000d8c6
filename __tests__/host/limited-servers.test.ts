import { execFileSync, spawn } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import { connect } from '../../src/host/connection.ts';
import { runCommand } from '../../src/host/run.ts';
import { RecordingLog } from '../../src/log.ts';
import { Sshd } from './sshd.ts';

// Processes are started, and a busy machine takes its time.
jest.setTimeout(60_000);

const log = new RecordingLog();
const accessTo = (sshd: Sshd) => ({ privateKey: sshd.read('user'), knownHosts: sshd.known('ed25519'), retries: 3 });
const asRoot = (sshd: Sshd) => ({ ...sshd.host, user: 'root' });

/** A server that answers with what it got, until it got the last byte. */
async function echo(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : 0 };
}

test('where one session per login is allowed, commands that run at once have logins of their own', async () => {
  await using sshd = await Sshd.start(['MaxSessions 1', 'MaxStartups 20']);
  const connection = await connect(asRoot(sshd), accessTo(sshd), log);
  const held = await connection.exec('sleep 20');
  const run = async (command: string) => (await runCommand(connection, asRoot(sshd), command, {})).stdout;
  const login = 'echo $SSH_CONNECTION';
  const at = await Promise.all([run(`${login}; sleep 1`), run(`${login}; sleep 1`)]);
  expect(new Set(at).size).toBe(2);
  // A login whose session has ended is used again.
  expect(at).toContain(await run(login));
  held.destroy();
  connection.close();
});

test('a further login may take longer than the server to start a command', async () => {
  await using keys = await Sshd.start();
  // Asked twice at each login.
  const slow = `AuthorizedKeysCommand /bin/sh -c "sleep 1.5; cat ${join(keys.folder, 'user.pub')}"`;
  const settings = [slow, 'AuthorizedKeysCommandUser root', 'MaxSessions 1', 'AllowTcpForwarding no'];
  await using sshd = await Sshd.start(settings, '');
  const { server, port } = await greeting();
  const access = { ...accessTo(keys), knownHosts: sshd.known('ed25519'), answerTimeout: 2000 };
  const connection = await connect(asRoot(sshd), access, log);
  const held = await connection.exec('sleep 30');
  const running = runCommand(connection, asRoot(sshd), 'echo here', {});
  const [{ stdout }, stream] = await Promise.all([running, connection.forward('127.0.0.1', port)]);
  expect(stdout).toBe('here\n');
  expect(String(await buffer(stream))).toBe('hello');
  held.destroy();
  connection.close();
  server.close();
});

test('a server that allows no session is a refusal', async () => {
  await using sshd = await Sshd.start(['MaxSessions 0']);
  const connection = await connect(asRoot(sshd), accessTo(sshd), log);
  const running = runCommand(connection, asRoot(sshd), 'true', {});
  await expect(running).rejects.toMatchObject({
    code: 'LOGIN_REFUSED',
    fields: { hint: expect.stringMatching(/MaxSessions/) },
  });
  connection.close();
});

test('without TCP forwarding, the host itself connects', async () => {
  await using sshd = await Sshd.start(['AllowTcpForwarding no', 'MaxSessions 1']);
  const { server, port } = await echo();
  const connection = await connect(asRoot(sshd), accessTo(sshd), log);
  const stream = await connection.forward('127.0.0.1', port);
  const sent = Buffer.alloc(2_000_000, 'a byte and another\n');
  stream.write(sent);
  const got: Buffer[] = [];
  for await (const chunk of stream) {
    got.push(chunk);
    if (got.reduce((sum, { length }) => sum + length, 0) >= sent.length) break;
  }
  expect(Buffer.concat(got).equals(sent)).toBe(true);
  await expect(connection.forward('127.0.0.1', 1)).rejects.toMatchObject({
    code: 'FORWARD_FAILED',
    message: expect.stringMatching(/Connection refused/),
  });
  const { server: greeter, port: greets } = await greeting();
  expect(String(await buffer(await connection.forward('127.0.0.1', greets)))).toBe('hello');
  connection.close();
  greeter.close();
  server.close();
});

test('without TCP forwarding and without bash, the reason is the server’s rule', async () => {
  await using sshd = await Sshd.start();
  symlinkSync('/usr/bin/env', join(sshd.folder, 'env'));
  const command = `ForceCommand PATH=${sshd.folder} /bin/sh -c "$SSH_ORIGINAL_COMMAND"`;
  await using limited = await Sshd.start(['AllowTcpForwarding no', command]);
  const connection = await connect(asRoot(limited), accessTo(limited), log);
  await expect(connection.forward('127.0.0.1', 6443)).rejects.toMatchObject({
    code: 'FORWARD_FORBIDDEN',
    message: expect.stringMatching(/forwards no connection, and its bash cannot connect: .*bash.*No such file/),
    fields: { hint: expect.stringMatching(/PermitOpen that has 127\.0\.0\.1:6443/) },
  });
  connection.close();
});

test('of a lost connection, nothing is said about the server’s rules', async () => {
  await using sshd = await Sshd.start(['AllowTcpForwarding no']);
  const connection = await connect(asRoot(sshd), accessTo(sshd), log);
  connection.close();
  await expect(connection.forward('127.0.0.1', 6443)).rejects.not.toMatchObject({ code: 'FORWARD_FORBIDDEN' });
});

/** A server that says a word and hangs up. */
async function greeting(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : 0 };
}

test('a jump host that forwards nothing is named at once', async () => {
  await using jump = await Sshd.start(['AllowTcpForwarding no']);
  const host = { ...asRoot(jump), address: '10.0.0.9', jump: { ...asRoot(jump) } };
  await expect(connect(host, accessTo(jump), log)).rejects.toMatchObject({
    code: 'FORWARD_FAILED',
    message: `the jump host 127.0.0.1 forwards no connection to 10.0.0.9:${jump.port}`,
    fields: { hint: expect.stringMatching(/AllowTcpForwarding yes/) },
  });
});

test('a jump host that takes few logins at a time lets many hosts through', async () => {
  await using jump = await Sshd.start(['MaxStartups 5']);
  const host = { ...asRoot(jump), jump: { ...asRoot(jump) } };
  const access = { ...accessTo(jump), retries: 6 };
  const connections = await Promise.all(Array.from({ length: 8 }, async () => await connect(host, access, log)));
  for (const connection of connections) connection.close();
});

test.each(['chacha20-poly1305@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr'])(
  'a server with only the cipher %s is reached',
  async (cipher) => {
    await using sshd = await Sshd.start([`Ciphers ${cipher}`]);
    const connection = await connect(asRoot(sshd), accessTo(sshd), log);
    expect((await runCommand(connection, asRoot(sshd), 'echo here', {})).stdout).toBe('here\n');
    connection.close();
  },
);

test.each<[setting: string, hint: RegExp]>([
  ['Ciphers aes256-cbc', /^Allow one of these.*Ciphers: aes128-gcm/],
  ['KexAlgorithms sntrup761x25519-sha512@openssh.com', /KexAlgorithms: curve25519-sha256/],
  ['MACs umac-64@openssh.com\nCiphers aes128-ctr', /MACs: hmac-sha2-256-etm/],
])('a server with only %s is named with what it could allow, once', async (setting, hint) => {
  await using sshd = await Sshd.start([setting]);
  const began = performance.now();
  await expect(connect(asRoot(sshd), accessTo(sshd), log)).rejects.toMatchObject({
    code: 'SSH_ALGORITHMS',
    fields: { hint: expect.stringMatching(hint) },
  });
  expect(performance.now() - began).toBeLessThan(3000);
});

test('a server that wants a password after the key, and one that accepts only certificates, have different hints', async () => {
  await using both = await Sshd.start(['AuthenticationMethods publickey,password', 'PasswordAuthentication yes']);
  await expect(connect(asRoot(both), accessTo(both), log)).rejects.toMatchObject({
    code: 'SSH_AUTH_FAILED',
    fields: { hint: expect.stringMatching(/accepts the key and also asks for password \(AuthenticationMethods\)/) },
  });
  await using certificates = await Sshd.start([], 'cert-authority ssh-ed25519 AAAA');
  await expect(connect(asRoot(certificates), accessTo(both), log)).rejects.toMatchObject({ code: 'HOST_KEY_UNKNOWN' });
  const known = { ...accessTo(both), knownHosts: certificates.known('ed25519') };
  await expect(connect(asRoot(certificates), known, log)).rejects.toMatchObject({
    code: 'SSH_AUTH_FAILED',
    fields: { hint: expect.stringMatching(/A certificate of the key/) },
  });
});

test('the keys of an agent are offered one after the other, up to as many as the server lets try', async () => {
  await using sshd = await Sshd.start(['MaxAuthTries 3']);
  const socket = join(sshd.folder, 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  const before = process.env.SSH_AUTH_SOCK;
  process.env.SSH_AUTH_SOCK = socket;
  try {
    for (let tries = 0; tries < 100 && !existsSync(socket); tries += 1) await delay(50);
    const command = (...words: string[]) => execFileSync('ssh-add', ['-q', ...words], { env: process.env });
    const add = (name: string) => command(join(sshd.folder, name));
    const access = { knownHosts: sshd.known('ed25519'), retries: 0 };
    for (const name of ['host-ecdsa', 'user']) add(name);
    (await connect(asRoot(sshd), access, log)).close();
    command('-D');
    for (const name of ['a', 'b', 'c', 'd']) sshd.makeKey(name, 'ed25519');
    for (const name of ['a', 'b', 'c', 'd', 'user']) add(name);
    await expect(connect(asRoot(sshd), access, log)).rejects.toMatchObject({
      code: 'SSH_AUTH_FAILED',
      fields: { hint: expect.stringMatching(/MaxAuthTries/) },
    });
  } finally {
    if (before === undefined) delete process.env.SSH_AUTH_SOCK;
    else process.env.SSH_AUTH_SOCK = before;
    agent.kill();
  }
});
