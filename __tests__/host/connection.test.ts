import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import { connect } from '../../src/host/connection.ts';
import type { HostAddress, SshAccess } from '../../src/host/index.ts';
import { runCommand } from '../../src/host/run.ts';
import { RecordingLog } from '../../src/log.ts';
import { freePort, Sshd } from './sshd.ts';

// Processes are started, and a busy machine takes its time.
jest.setTimeout(60_000);

const log = new RecordingLog();
let sshd: Sshd;
let key: string;

/** The problem of a failed attempt to connect. */
async function problemOf(host: HostAddress, access: SshAccess): Promise<Problem> {
  try {
    (await connect(host, access, log)).close();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the connection was made');
}

describe('a connection', () => {
  beforeAll(async () => {
    sshd = await Sshd.start();
    key = sshd.read('user');
  });
  afterAll(async () => await sshd[Symbol.asyncDispose]());

  const access = (more: Partial<SshAccess> = {}): SshAccess => ({
    privateKey: key,
    knownHosts: sshd.known('ed25519'),
    retries: 0,
    ...more,
  });

  test.each(['ed25519', 'rsa', 'ecdsa'])(
    'is made when known_hosts has just the host key of the type %s',
    async (type) => {
      const connection = await connect(sshd.host, access({ knownHosts: sshd.known(type) }), log);
      expect(
        await runCommand(connection, { ...sshd.host, user: 'root' }, 'cat; echo done >&2; exit 3', { input: 'in\n' }),
      ).toEqual({
        status: 3,
        stdout: 'in\n',
        stderr: 'done\n',
      });
      connection.close();
    },
  );

  test('is refused if known_hosts does not have the host, with the line to add', async () => {
    const problem = await problemOf(sshd.host, access({ knownHosts: '# nothing\n' }));
    expect(problem.code).toBe('HOST_KEY_UNKNOWN');
    const line = problem.fields.hint?.match(/\[127\.0\.0\.1\]:.*/)?.[0] ?? '';
    (await connect(sshd.host, access({ knownHosts: line }), log)).close();
  });

  test('is refused if the host shows another key, or a revoked one, and is never retried', async () => {
    const other = `[127.0.0.1]:${sshd.port} ${sshd.read('user.pub')}`;
    const begin = performance.now();
    expect((await problemOf(sshd.host, access({ knownHosts: other, retries: 5 }))).code).toBe('HOST_KEY_CHANGED');
    const revoked = `${sshd.known('ed25519')}\n@revoked ${sshd.known('ed25519')}`;
    expect((await problemOf(sshd.host, access({ knownHosts: revoked, retries: 5 }))).code).toBe('HOST_KEY_REVOKED');
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  test('with a key that the host does not accept is reported, once', async () => {
    const begin = performance.now();
    const problem = await problemOf(sshd.host, access({ privateKey: sshd.read('host-rsa'), retries: 5 }));
    expect(problem.code).toBe('SSH_AUTH_FAILED');
    expect(problem.fields.hint).toContain('authorized_keys');
    expect(performance.now() - begin).toBeLessThan(3000);
  });

  test('with an invalid key fails before a socket is opened', async () => {
    const problem = await problemOf({ ...sshd.host, port: 1 }, access({ privateKey: 'nonsense', retries: 5 }));
    expect(problem.code).toBe('SSH_KEY_INVALID');
  });

  test('with a damaged key of OpenSSH is reported', async () => {
    const damaged = key.replace(/\n[A-Za-z0-9]{20}/, '\nAAAAAAAAAAAAAAAAAAAA');
    expect((await problemOf(sshd.host, access({ privateKey: damaged }))).code).toBe('SSH_KEY_INVALID');
  });

  test('to a port without a listener is retried, and then reported', async () => {
    const before = log.lines.length;
    const problem = await problemOf({ ...sshd.host, port: await freePort() }, access({ retries: 1 }));
    expect(problem.code).toBe('HOST_UNREACHABLE');
    expect(problem.message).toContain('ECONNREFUSED');
    expect(log.lines.slice(before).filter((line) => line.includes('trying again'))).toHaveLength(1);
  });

  test('succeeds if the server starts between two attempts', async () => {
    await using late = await Sshd.start();
    late.stop();
    await delay(200);
    const connecting = connect(
      late.host,
      { privateKey: late.read('user'), knownHosts: late.known('ed25519'), retries: 4 },
      log,
    );
    await delay(700);
    await late.run();
    (await connecting).close();
  }, 20_000);

  test.each<[string, (server: Server) => void]>([
    ['says nothing', () => {}],
    ['hangs up', (server) => server.on('connection', (socket) => socket.destroy())],
    [
      'speaks something else',
      (server) => server.on('connection', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    ],
  ])('to a server that %s is unreachable after its time', async (_, behave) => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    behave(server);
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const problem = await problemOf({ ...sshd.host, port }, access({ connectTimeout: 500 }));
    expect(problem.code).toBe('HOST_UNREACHABLE');
    server.close();
  });

  test('goes through a jump host, whose key is verified too', async () => {
    // One key opens both.
    await using jump = await Sshd.start([], sshd.read('user.pub'));
    const host = { ...sshd.host, jump: { address: '127.0.0.1', port: jump.port, user: sshd.host.user } };
    const both = access({ knownHosts: `${sshd.known('ed25519')}\n${jump.known('ed25519')}` });
    expect((await problemOf(host, access())).code).toBe('HOST_KEY_UNKNOWN');
    expect((await problemOf(host, { ...both, knownHosts: jump.known('ed25519') })).code).toBe('HOST_KEY_UNKNOWN');
    const connection = await connect(host, both, log);
    expect(await runCommand(connection, { ...host, user: 'root' }, 'echo through', {})).toMatchObject({
      stdout: 'through\n',
    });
    connection.close();
    const nowhere = { ...host, port: await freePort() };
    const known = both.knownHosts.replace(`:${sshd.port} `, `:${nowhere.port} `);
    expect((await problemOf(nowhere, { ...both, knownHosts: known })).code).toBe('HOST_UNREACHABLE');
  });

  test('forwards a stream from the host to an address of its network', async () => {
    const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const connection = await connect(sshd.host, access(), log);
    const stream = await connection.forward('127.0.0.1', typeof address === 'object' && address ? address.port : 0);
    let text = '';
    for await (const chunk of stream) text += chunk;
    expect(text).toBe('hello');
    await expect(connection.forward('127.0.0.1', 1)).rejects.toMatchObject({ code: 'FORWARD_FAILED' });
    connection.close();
    server.close();
  });

  test('that is lost while a command runs is a problem, not a success', async () => {
    const connection = await connect(sshd.host, access(), log);
    const running = runCommand(connection, { ...sshd.host, user: 'root' }, 'sleep 30', {});
    const failed = expect(running).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await delay(200);
    connection.close();
    await failed;
  });

  test('ends a command that takes too long', async () => {
    const connection = await connect(sshd.host, access(), log);
    const run = runCommand(connection, { ...sshd.host, user: 'root' }, 'sleep 30', { timeoutSeconds: 1 });
    await expect(run).rejects.toMatchObject({ code: 'COMMAND_TIMEOUT' });
    connection.close();
  });
});
