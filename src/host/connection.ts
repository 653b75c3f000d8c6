import type { Duplex } from 'node:stream';
import pLimit, { type LimitFunction } from 'p-limit';
import pRetry from 'p-retry';
import type { Client, ClientChannel } from 'ssh2';
import type { Log } from '../log.ts';
import { forwardByBash } from './bash-forward.ts';
import type { Channel } from './channel.ts';
import {
  type Endpoint,
  isProhibited,
  isTemporary,
  notByBash,
  notForwarded,
  notThrough,
} from './connection-problems.ts';
import type { HostAddress, SshAccess } from './engine.ts';
import { parseKnownHosts } from './known-hosts.ts';
import { openInTime } from './open-in-time.ts';
import { invalid, normalPrivateKey } from './private-key.ts';
import { Sessions } from './sessions.ts';
import { clientOf, dial, type Identity, type Login, logIn } from './ssh-login.ts';

/** An authenticated connection to a host whose key was verified. */
export interface Connection {
  exec(command: string): Promise<Channel>;
  /** A stream from the host's own network to `address:port`. @throws Problem FORWARD_FAILED, FORWARD_FORBIDDEN */
  forward(address: string, port: number): Promise<Duplex>;
  /** @param abruptly closes the socket at once; later data of the host is discarded. */
  close(abruptly?: boolean): void;
}

/**
 * Connects, through the jump host if there is one. Temporary failures (a booting host, a busy sshd) are retried with
 * increasing pauses; a wrong key or an unknown host key is never retried.
 * @throws Problem HOST_UNREACHABLE, HOST_KEY_UNKNOWN, HOST_KEY_CHANGED, HOST_KEY_REVOKED, SSH_ALGORITHMS, SSH_AUTH_FAILED,
 *   SSH_KEY_INVALID, LOGIN_REFUSED, LOGIN_TIMEOUT, FORWARD_FAILED by a jump host.
 */
export async function connect(host: HostAddress, access: SshAccess, log: Log): Promise<Connection> {
  const identity = identityOf(host, access);
  return await pRetry(async () => connection(host, await loginTo(host, identity), identity), {
    retries: access.retries ?? 4,
    minTimeout: 500,
    factor: 2,
    randomize: true,
    shouldRetry: ({ error }) => isTemporary(error),
    onFailedAttempt: ({ error, retriesLeft }) => {
      if (retriesLeft > 0) log.debug(`${host.name}: ${error.message}, trying again`);
    },
  });
}

/** What a login may take by default, ms: sshd itself gives up after 120 s (LoginGraceTime). */
const usualLoginTimeout = 60_000;

function identityOf(host: HostAddress, access: SshAccess): Identity {
  const { privateKey, knownHosts, connectTimeout = 10_000, answerTimeout = 30_000 } = access;
  if (privateKey === undefined && !process.env.SSH_AUTH_SOCK) {
    throw invalid('none is given, and there is no SSH agent (SSH_AUTH_SOCK)');
  }
  const asked = host.loginSeconds === undefined ? usualLoginTimeout : host.loginSeconds * 1000;
  return {
    known: parseKnownHosts(knownHosts),
    privateKey: privateKey === undefined ? undefined : normalPrivateKey(privateKey),
    timeout: connectTimeout,
    loginTimeout: access.loginTimeout ?? asked,
    answerTimeout,
  };
}

async function loginTo(host: HostAddress, identity: Identity): Promise<Login> {
  if (host.jump === undefined) return await logIn(host, await dial(host, identity), identity);
  const jump = await jumpTo(host.jump, identity);
  try {
    const through = await openInTime(identity.timeout, forwardOut(clientOf(jump.ssh), host)).catch((cause) => {
      throw notThrough(host.jump as Endpoint, host, cause);
    });
    const login = await logIn(host, through, identity);
    clientOf(login.ssh).once('close', () => jump.close());
    const close = (abruptly?: boolean) => {
      login.close(abruptly);
      if (abruptly) jump.close(true);
    };
    return { ...login, close };
  } catch (error) {
    jump.close();
    throw error;
  }
}

/** Logins at once to one jump host: an SSH server drops some of ten that have not ended (MaxStartups 10:30:100). */
const mostLogins = 4;
const gates = new Map<string, LimitFunction>();

async function jumpTo(jump: Endpoint, identity: Identity): Promise<Login> {
  const name = `${jump.address}:${jump.port}`;
  const gate = gates.get(name) ?? pLimit(mostLogins);
  gates.set(name, gate);
  return await gate(async () => await logIn(jump, await dial(jump, identity), identity));
}

function forwardOut(client: Client, to: Omit<Endpoint, 'user'>): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, to.address, to.port, (error, channel) =>
      error ? reject(error) : resolve(channel),
    );
  });
}

function connection(host: HostAddress, login: Login, identity: Identity): Connection {
  const { answerTimeout } = identity;
  const sessions = new Sessions(host, login, async () => await loginTo(host, identity), answerTimeout);
  const exec = async (command: string) => await sessions.start(command);
  const forward = async (address: string, port: number): Promise<Duplex> => {
    const direct = openInTime(answerTimeout, forwardOut(clientOf(login.ssh), { address, port }));
    return await direct.catch(async (cause) => {
      if (!isProhibited(cause)) throw notForwarded(address, port, cause);
      return await forwardByBash(exec, { address, port }, answerTimeout).catch((reason) => {
        throw notByBash(address, port, reason);
      });
    });
  };
  return { exec, forward, close: (abruptly) => sessions.close(abruptly) };
}
