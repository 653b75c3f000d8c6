import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import type { Channel } from '../../src/host/channel.ts';
import type { Connection } from '../../src/host/connection.ts';
import type { HostSession, OpenOptions } from '../../src/host/engine.ts';
import { openSession } from '../../src/host/session.ts';
import { RecordingLog } from '../../src/log.ts';

/** The shells that run the remote program on hosts: names and programs. */
export const shells = [
  ['dash', '/bin/dash'],
  ['bash', '/bin/bash'],
  ['busybox', '/bin/busybox sh'],
] as const;

/** A folder that the remote program uses as the root of its host, run by a chosen shell without SSH. */
export class LocalHost {
  readonly root = mkdtempSync(join(tmpdir(), 'k8s-ha-host-'));
  readonly log = new RecordingLog();
  /** The environment of each login from the host's own settings: PAM, /etc/environment, start-up files of shells. */
  readonly environment: Record<string, string> = {};
  /** The number of requests: round trips, without the one that opens a session. */
  requests = 0;
  readonly #shell: string;
  readonly #children: ChildProcess[] = [];

  constructor(shell = 'sh') {
    this.#shell = shell;
    for (const path of ['run', 'etc/systemd/system', 'var/lib', 'bin'])
      mkdirSync(join(this.root, path), { recursive: true });
    writeFileSync(join(this.root, 'etc/hosts'), '127.0.0.1 localhost\n');
    // Busybox chooses its applet by its own name.
    const [program = 'sh'] = shell.split(' ');
    symlinkSync(program, join(this.root, 'bin/sh'));
  }

  path(path: string): string {
    return join(this.root, path);
  }

  async open(options: Partial<OpenOptions> = {}): Promise<HostSession> {
    const host = { name: 'local', address: '127.0.0.1', port: 22, user: 'root' };
    return await openSession(host, this.#connection(), { dryRun: false, log: this.log, ...options });
  }

  [Symbol.dispose](): void {
    // A session that a failed test left open would keep Jest from ending.
    for (const child of this.#children) child.kill();
    rmSync(this.root, { recursive: true, force: true });
  }

  #connection(): Connection {
    return {
      exec: async (command) => this.#spawn(command),
      forward: async () => {
        throw new Error('a local host forwards nothing');
      },
      close: () => {},
    };
  }

  #spawn(command: string): Channel {
    // The program's environment is its own: what moves its places, and its `sh` to the shell of choice, must be put into that.
    const moved = command.replace('env -i ', `env -i K8S_HA_TEST_ROOT=${this.root} `);
    const line = moved.replace(' PATH=', ` PATH=${this.path('bin')}:`);
    const [program = 'sh', ...words] = this.#shell.split(' ');
    // Each has a session of its own, as by sshd.
    const env = { ...process.env, ...this.environment };
    const child = spawn(program, [...words, '-c', `exec ${line}`], {
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.#children.push(child);
    const channel = channelTo(child, (chunk) => {
      if (/^\d+\nrequest_begin /.test(chunk.toString())) this.requests += 1;
    });
    child.on('exit', (code) => channel.emit('exit', code));
    return Object.assign(channel, { stderr: child.stderr });
  }
}

/**
 * A child's input and output as one stream. Unlike `Duplex.from`, it delivers what a child has said before it ended, as
 * SSH does: Node destroys the input of an ended child, perhaps before the last of its output has been read.
 */
function channelTo({ stdin, stdout }: ChildProcessWithoutNullStreams, onWrite: (chunk: Buffer) => void): Duplex {
  const channel = new Duplex({
    allowHalfOpen: false,
    read: () => stdout.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      onWrite(chunk);
      stdin.write(chunk, () => done());
    },
    final: (done) => {
      stdin.end();
      done();
    },
    destroy: (error, done) => {
      stdin.destroy();
      stdout.destroy();
      done(error);
    },
  });
  stdin.on('error', () => {});
  stdout.on('data', (chunk: Buffer) => channel.push(chunk));
  stdout.on('end', () => channel.push(null));
  return channel;
}
