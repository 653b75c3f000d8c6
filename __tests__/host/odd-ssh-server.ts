import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type AuthContext, type Connection, type Session } from 'ssh2';
import type { HostAddress, SshAccess } from '../../src/host/index.ts';

/** The behaviour of an SSH server at a login and after it. */
export interface Oddity {
  /** What it says at each login. */
  readonly banner?: string;
  /** What it does with a key; default: it accepts each. */
  readonly login?: (context: AuthContext, client: Connection) => void;
  readonly session?: (session: Session) => void;
  readonly forward?: (accept: () => { write: (text: string) => boolean }) => void;
}

/** An SSH server with its own host key that accepts every login, and then behaves as the test chooses. */
export class OddSshServer implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'k8s-ha-odd-ssh-'));
  readonly #server: InstanceType<typeof ssh2.Server>;
  readonly #key: string;
  /** Resolves when a client has disconnected. */
  readonly gone = Promise.withResolvers<void>();

  constructor({ session, forward, banner, login = (context) => context.accept() }: Oddity) {
    this.#key = this.#makeKey('host');
    this.#server = new ssh2.Server({ hostKeys: [this.#key], ...(banner && { banner }) }, (client) => {
      client.on('error', () => undefined);
      client.on('close', () => this.gone.resolve());
      client.on('authentication', (context) => login(context, client));
      client.on('session', (accept) => session?.(accept()));
      client.on('tcpip', (accept) => forward?.(accept as never));
    });
  }

  async listen(): Promise<{ readonly host: HostAddress; readonly access: SshAccess }> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    const knownHosts = `[127.0.0.1]:${port} ${readFileSync(join(this.#folder, 'host.pub'), 'utf8')}`;
    return {
      host: { name: 'odd', address: '127.0.0.1', port, user: 'root' },
      access: { privateKey: this.#makeKey('user'), knownHosts, retries: 0, answerTimeout: 500 },
    };
  }

  [Symbol.dispose](): void {
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #makeKey(name: string): string {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(this.#folder, name)]);
    return readFileSync(join(this.#folder, name), 'utf8');
  }
}

/** A TCP server that handles each connection in this way. */
export async function tcpServer(behave: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    behave(socket);
  });
  server.on('close', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = server.close.bind(server);
  server.close = (done) => {
    for (const socket of sockets) socket.destroy();
    return close(done);
  };
  return { server, port: (server.address() as AddressInfo).port };
}
