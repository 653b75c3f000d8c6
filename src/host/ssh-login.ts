import { connect as connectTcp, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Config, NodeSSH } from 'node-ssh';
import type { AuthHandlerMiddleware, Client, ServerHostKeyAlgorithm } from 'ssh2';
import { Problem } from '../errors.ts';
import { classify, type Endpoint, lost, slowLogin, unreachable } from './connection-problems.ts';
import { checkHostKey, type KnownHosts, knownTypes } from './known-hosts.ts';

/** An SSH login and its transport. */
export interface Login {
  readonly ssh: NodeSSH;
  readonly close: (abruptly?: boolean) => void;
}

/** Data for all attempts, parsed once, so that bad input fails before a socket is opened. */
export interface Identity {
  readonly known: KnownHosts;
  readonly privateKey: string | undefined;
  /** Time limit for the TCP connection, and for the server's greeting and the exchange of keys, ms. */
  readonly timeout: number;
  /** Time limit for the login after that, ms. */
  readonly loginTimeout: number;
  /** Time limit for opening a channel on the host, ms. */
  readonly answerTimeout: number;
}

/** What is kept of a server's text. */
const mostText = 4000;

/** A TCP connection without Nagle's delay, which costs SSH a factor of seven. */
export function dial(to: Endpoint, { timeout }: Identity): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // Node's own limit for each of a name's addresses is 250 ms, too little for a distant host.
    const attempt = Math.max(250, Math.floor(timeout / 4));
    const socket = connectTcp({
      host: to.address,
      port: to.port,
      noDelay: true,
      autoSelectFamilyAttemptTimeout: attempt,
    });
    const timer = setTimeout(() => fail(new Error(`no answer within ${timeout} ms`)), timeout);
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

/** Logs in over a connection, and verifies the host's key before. @throws Problem; see {@link classify} */
export async function logIn(to: Endpoint, sock: Duplex, identity: Identity): Promise<Login> {
  const { NodeSSH } = await import('node-ssh');
  const ssh = new NodeSSH();
  const heard = { text: '', isGreeted: false, wants: [] as readonly string[] };
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
  const late = Promise.withResolvers<never>();
  let timer = setTimeout(() => late.reject(new Error(`no answer within ${identity.timeout} ms`)), identity.timeout);
  const keyOnce = authHandler(identity, (wants) => {
    heard.wants = wants;
  });
  const connecting = ssh.connect({
    ...sshConfig(to, identity),
    sock: sock as Socket,
    hostVerifier,
    authHandler: keyOnce,
  });
  const client = clientOf(ssh);
  const hear = (text: string) => {
    heard.text = `${heard.text}${text}`.slice(0, mostText);
  };
  const beforeVersion = (chunk: Buffer) => {
    const [text = '', version] = chunk.toString().split(/^SSH-/m, 2);
    hear(text);
    if (version !== undefined) sock.off('data', beforeVersion);
  };
  sock.on('data', beforeVersion);
  client.on('banner', hear);
  client.once('handshake', () => {
    heard.isGreeted = true;
    clearTimeout(timer);
    const { loginTimeout } = identity;
    timer = setTimeout(() => late.reject(slowLogin(to, loginTimeout)), loginTimeout);
  });
  try {
    await Promise.race([connecting, late.promise]);
  } catch (cause) {
    connecting.catch(() => undefined);
    sock.destroy();
    throw refusal ?? classify(to, cause, heard);
  } finally {
    clearTimeout(timer);
    sock.off('data', beforeVersion);
  }
  // The waiters of channels get later failures; without a listener here they would end the process.
  client.on('error', () => {});
  const close = (abruptly = false) => {
    if (abruptly) sock.destroy();
    ssh.dispose();
    // Time limit for a host that does not acknowledge the end, or keeps sending.
    if (!abruptly) setTimeout(() => sock.destroy(), 1000).unref();
  };
  return { ssh, close };
}

/** The connected client. @throws Problem CONNECTION_LOST */
export function clientOf(ssh: NodeSSH): Client {
  if (ssh.connection === null) throw lost();
  return ssh.connection;
}

/** Offers the key, once. @param onMore called with the other methods of a server that accepts the key as the first of several */
function authHandler({ privateKey }: Identity, onMore: (wants: readonly string[]) => void): AuthHandlerMiddleware {
  let isTried = false;
  return (methods, isPartial, next) => {
    if (isPartial) onMore(methods ?? []);
    // Typed as without it, ssh2 ends the login on false.
    next((isTried ? false : privateKey === undefined ? 'agent' : 'publickey') as never);
    isTried = true;
  };
}

function sshConfig(to: Endpoint, identity: Identity): Config {
  const { privateKey } = identity;
  return {
    username: to.user,
    ...(privateKey === undefined ? { agent: process.env.SSH_AUTH_SOCK ?? '' } : { privateKey }),
    // logIn has the limits.
    readyTimeout: 0,
    keepaliveInterval: 5_000,
    keepaliveCountMax: 4,
    algorithms: {
      // The last one takes more of the runner's CPU time; some hardened servers have no other.
      cipher: [
        'aes128-gcm@openssh.com',
        'aes256-gcm@openssh.com',
        'aes128-ctr',
        'aes256-ctr',
        'chacha20-poly1305@openssh.com',
      ],
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
