import { connect as connectTcp, type Socket } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import type { Config, NodeSSH } from 'node-ssh';
import pRetry from 'p-retry';
import type { Client, ClientChannel, ServerHostKeyAlgorithm } from 'ssh2';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import type { HostAddress, SshAccess } from './engine.ts';
import { checkHostKey, type KnownHosts, knownTypes, parseKnownHosts } from './known-hosts.ts';
import { invalid, normalPrivateKey } from './private-key.ts';

/** A command's channel: its stdout to read, its stdin to write. */
export type Channel = Duplex & { readonly stderr: Readable };

/** What ssh2 gives with the end of a command: its status, or the signal that ended it; neither if the connection was lost. */
export type ExitArguments = readonly [code?: number | null, signal?: string];

/** The status of a command. One that a signal ended has none; sh would return 128 plus the signal's number. */
export function statusOf(...[code, signal]: ExitArguments): number | undefined {
  return code ?? (signal === undefined ? undefined : 255);
}

/** An authenticated connection to a host whose key was verified. */
export interface Connection {
  exec(command: string): Promise<Channel>;
  /** A stream from the host's own network to `address:port`. */
  forward(address: string, port: number): Promise<Duplex>;
  /** @param abruptly closes the socket at once; later data of the host is discarded. */
  close(abruptly?: boolean): void;
}

/** An SSH login and its transport. */
interface Login {
  readonly ssh: NodeSSH;
  readonly close: (abruptly?: boolean) => void;
}

interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly user: string;
}

/** Data for all attempts, parsed once, so that bad input fails before a socket is opened. */
interface Identity {
  readonly known: KnownHosts;
  readonly privateKey: string | undefined;
  readonly timeout: number;
  /** Time limit for opening a channel on the host, ms. */
  readonly answerTimeout: number;
}

/**
 * Connects, through the jump host if there is one. Temporary failures (a booting host, a busy sshd) are retried with
 * increasing pauses; a wrong key or an unknown host key is never retried.
 * @throws Problem HOST_UNREACHABLE, HOST_KEY_UNKNOWN, HOST_KEY_CHANGED, HOST_KEY_REVOKED, SSH_AUTH_FAILED, SSH_KEY_INVALID.
 */
export async function connect(host: HostAddress, access: SshAccess, log: Log): Promise<Connection> {
  const identity = identityOf(access);
  return await pRetry(async () => await connectOnce(host, identity), {
    retries: access.retries ?? 4,
    minTimeout: 500,
    factor: 2,
    randomize: true,
    shouldRetry: ({ error }) => error instanceof Problem && error.code === 'HOST_UNREACHABLE',
    onFailedAttempt: ({ error, retriesLeft }) => {
      if (retriesLeft > 0) log.debug(`${host.name}: ${error.message}, trying again`);
    },
  });
}

function identityOf(access: SshAccess): Identity {
  const { privateKey, knownHosts, connectTimeout = 10_000, answerTimeout = 30_000 } = access;
  if (privateKey === undefined && !process.env.SSH_AUTH_SOCK) {
    throw invalid('none is given, and there is no SSH agent (SSH_AUTH_SOCK)');
  }
  return {
    known: parseKnownHosts(knownHosts),
    privateKey: privateKey === undefined ? undefined : normalPrivateKey(privateKey),
    timeout: connectTimeout,
    answerTimeout,
  };
}

async function connectOnce(host: HostAddress, identity: Identity): Promise<Connection> {
  if (host.jump === undefined) return connection(await logIn(host, await dial(host, identity), identity), identity);
  const jump = await logIn(host.jump, await dial(host.jump, identity), identity);
  try {
    const through = await within(identity.timeout, forwardOut(clientOf(jump.ssh), host)).catch((cause) => {
      throw unreachable(host, cause);
    });
    const login = await logIn(host, through, identity);
    clientOf(login.ssh).once('close', () => jump.close());
    const close = (abruptly?: boolean) => {
      login.close(abruptly);
      if (abruptly) jump.close(true);
    };
    return connection({ ...login, close }, identity);
  } catch (error) {
    jump.close();
    throw error;
  }
}

/** Waits for a channel to open; a channel that opens too late is closed. @throws `late` if none opens in time */
async function within<T extends Duplex>(
  milliseconds: number,
  opening: Promise<T>,
  late = new Error(`no answer within ${milliseconds} ms`),
): Promise<T> {
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    opening.then(end, () => undefined);
    over.reject(late);
  }, milliseconds);
  try {
    return await Promise.race([opening, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function end(channel: Duplex): void {
  channel.on('error', () => undefined);
  channel.destroy();
}

/** A TCP connection without Nagle's delay, which costs SSH a factor of seven. */
function dial(to: Endpoint, identity: Identity): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: to.address, port: to.port, noDelay: true });
    const timer = setTimeout(() => fail(new Error(`no answer within ${identity.timeout} ms`)), identity.timeout);
    const fail = (cause: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(unreachable(to, cause));
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

async function logIn(to: Endpoint, sock: Duplex, identity: Identity): Promise<Login> {
  const { NodeSSH } = await import('node-ssh');
  const ssh = new NodeSSH();
  let refusal: Problem | undefined;
  const hostVerifier = (key: Buffer): boolean => {
    try {
      checkHostKey(identity.known, to.address, to.port, key);
      return true;
    } catch (error) {
      if (error instanceof Problem) refusal = error;
      return false;
    }
  };
  try {
    await ssh.connect({ ...sshConfig(to, identity), sock: sock as Socket, hostVerifier });
  } catch (cause) {
    sock.destroy();
    throw refusal ?? classify(to, cause);
  }
  // The waiters of channels get later failures; without a listener here they would end the process.
  clientOf(ssh).on('error', () => {});
  const close = (abruptly = false) => {
    if (abruptly) sock.destroy();
    ssh.dispose();
    // Time limit for a host that does not acknowledge the end, or keeps sending.
    if (!abruptly) setTimeout(() => sock.destroy(), 1000).unref();
  };
  return { ssh, close };
}

function sshConfig(to: Endpoint, identity: Identity): Config {
  const byAgent = identity.privateKey === undefined;
  return {
    username: to.user,
    ...(byAgent ? { agent: process.env.SSH_AUTH_SOCK ?? '' } : { privateKey: identity.privateKey ?? '' }),
    authHandler: [byAgent ? 'agent' : 'publickey'],
    readyTimeout: identity.timeout,
    keepaliveInterval: 5_000,
    keepaliveCountMax: 4,
    algorithms: {
      cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes256-ctr'],
      serverHostKey: hostKeyOrder(knownTypes(identity.known, to.address, to.port)),
      // No compression: a compressed packet could grow to a thousand times its size.
      compress: ['none'],
    },
  };
}

const hostKeyAlgorithms: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/** Known types first, like OpenSSH: otherwise a host with several keys may send one that is not in known_hosts. */
function hostKeyOrder(types: readonly string[]): ServerHostKeyAlgorithm[] {
  const isKnown = (algorithm: string) => types.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
  return [...hostKeyAlgorithms.filter(isKnown), ...hostKeyAlgorithms.filter((name) => !isKnown(name))];
}

/** The SSH library's errors differ only in `level` and text. */
function classify(to: Endpoint, cause: unknown): Problem {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const level = 'level' in error ? error.level : undefined;
  if (error.message.includes('privateKey')) return invalid(error.message.replace(/^.*privateKey:? */, ''));
  if (level === 'client-authentication') return authFailed(to, error);
  if (level === 'agent') return invalid(`the SSH agent failed: ${error.message}`);
  return unreachable(to, error);
}

function authFailed(to: Endpoint, cause: Error): Problem {
  return new Problem(`${to.address} does not accept the key for the user ${to.user}`, {
    code: 'SSH_AUTH_FAILED',
    hint: `Add the public key to ~${to.user}/.ssh/authorized_keys on the host, or set the right user.`,
    cause,
  });
}

function unreachable(to: Endpoint, cause: Error): Problem {
  return new Problem(`cannot reach ${to.address}:${to.port} by SSH: ${cause.message}`, {
    code: 'HOST_UNREACHABLE',
    hint: 'Check that the host is up, that the address is right, and that no firewall blocks the runner.',
    cause,
  });
}

function clientOf(ssh: NodeSSH): Client {
  if (ssh.connection === null) throw lost();
  return ssh.connection;
}

/** The connection was lost during a request. */
export function lost(cause?: unknown): Problem {
  return new Problem('the connection to the host was lost', {
    code: 'CONNECTION_LOST',
    hint: 'Run the job again: it continues where this one stopped.',
    cause,
  });
}

function noChannel(milliseconds: number): Problem {
  return new Problem(`the host's SSH server has not started a command within ${milliseconds / 1000} s`, {
    code: 'HOST_SILENT',
    hint: 'Check its load and its disks, then run the job again.',
  });
}

function forwardOut(client: Client, to: Omit<Endpoint, 'user'>): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, to.address, to.port, (error, channel) =>
      error ? reject(error) : resolve(channel),
    );
  });
}

function notForwarded(address: string, port: number, cause: Error): Problem {
  return new Problem(`the host cannot reach ${address}:${port}: ${cause.message.replace(/^\(SSH\) /, '')}`, {
    code: 'FORWARD_FAILED',
    hint: "Check that a program listens there, and that the host's SSH server allows TCP forwarding (AllowTcpForwarding).",
    cause,
  });
}

function connection({ ssh, close }: Login, { answerTimeout }: Identity): Connection {
  return {
    exec: async (command) => await within(answerTimeout, execute(ssh, command), noChannel(answerTimeout)),
    forward: async (address, port) =>
      await within(answerTimeout, forwardOut(clientOf(ssh), { address, port })).catch((cause) => {
        throw notForwarded(address, port, cause);
      }),
    close,
  };
}

function execute(ssh: NodeSSH, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const opened = (error: Error | undefined, channel: ClientChannel) =>
      error ? reject(lost(error)) : resolve(channel);
    try {
      clientOf(ssh).exec(command, opened);
    } catch (cause) {
      reject(lost(cause));
    }
  });
}
