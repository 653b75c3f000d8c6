import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostAddress } from '../../src/host/index.ts';

/** OpenSSH's server on a free port of this machine, with its own keys. */
export class Sshd implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'k8s-ha-sshd-'));
  port = 0;
  #child: ChildProcess | undefined;

  /** @param userKey the public key that may log in, instead of a generated one. */
  static async start(settings: readonly string[] = [], userKey?: string): Promise<Sshd> {
    const sshd = new Sshd();
    for (const type of ['ed25519', 'rsa', 'ecdsa']) sshd.makeKey(`host-${type}`, type);
    if (userKey === undefined) sshd.makeKey('user', 'ed25519');
    else writeFileSync(join(sshd.folder, 'user.pub'), userKey);
    sshd.port = await freePort();
    await sshd.run(settings);
    return sshd;
  }

  async run(settings: readonly string[] = []): Promise<void> {
    const file = join(this.folder, 'config');
    const keys = ['ed25519', 'rsa', 'ecdsa'].map((type) => `HostKey ${join(this.folder, `host-${type}`)}`);
    const access = [
      `AuthorizedKeysFile ${join(this.folder, 'user.pub')}`,
      'PermitRootLogin yes',
      'StrictModes no',
      'UsePAM no',
      // bash reads ~/.bashrc of the machine's own root only on the first level: what is in it may take long, and a lost session may kill it.
      'SetEnv SHLVL=2',
    ];
    const listen = [`Port ${this.port}`, 'ListenAddress 127.0.0.1', 'PidFile none'];
    writeFileSync(file, [...listen, ...keys, ...access, ...settings, ''].join('\n'));
    // Debian's sshd requires it.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
    this.#child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', file], { stdio: 'ignore' });
    for (let tries = 0; tries < 100 && !(await answers(this.port)); tries += 1) await delay(50);
  }

  get host(): HostAddress {
    return { name: 'local', address: '127.0.0.1', port: this.port, user: userInfo().username };
  }

  makeKey(name: string, type: string): string {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', join(this.folder, name)]);
    return this.read(name);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** A known_hosts line with the key of a type. */
  known(type: string): string {
    return `[127.0.0.1]:${this.port} ${this.read(`host-${type}.pub`)}`;
  }

  /** Ends the server: only processes that this test started. */
  stop(): void {
    this.#child?.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
