import { type ChildProcess, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import type { Channel } from '../../src/host/channel.ts';
import type { Connection } from '../../src/host/connection.ts';
import type { HostSession, OpenOptions } from '../../src/host/engine.ts';
import { remoteProgram } from '../../src/host/remote/program.ts';
import { openSession } from '../../src/host/session.ts';
import { RecordingLog } from '../../src/log.ts';

export const spokenHost = { name: 'local', address: '127.0.0.1', port: 22, user: 'root' };

/** A host whose answers come from a shell script, run as a real process. */
export class SpokenHost implements Connection, Disposable {
  readonly log = new RecordingLog();
  readonly #script: string;
  readonly #children: ChildProcess[] = [];
  /** Whether the connection was cut. */
  closed = false;

  readonly #isLoggedIn: boolean;

  /** @param isLoggedIn whether the host runs our command before the script begins; otherwise the script is what its login says. */
  constructor(script: string, isLoggedIn = true) {
    this.#script = script;
    this.#isLoggedIn = isLoggedIn;
  }

  async exec(command: string): Promise<Channel> {
    const mark = markIn(command);
    const script = this.#isLoggedIn ? `printf '\\n%s\\n' ${mark}\n${this.#script}` : this.#script;
    const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    this.#children.push(child);
    // A script that ends early reads no more input.
    child.stdin.on('error', () => undefined);
    const channel = new Duplex({
      emitClose: false,
      read: () => void child.stdout.resume(),
      write: (chunk, _, done) => void child.stdin.write(chunk, () => done()),
      final: (done) => void child.stdin.end(() => done()),
      destroy: (_, done) => {
        killGroup(child);
        done(null);
      },
    });
    child.stdout.on('data', (chunk) => channel.push(chunk) || child.stdout.pause());
    // Like ssh2: after everything has ended, with the status.
    child.on('close', (code) => {
      channel.push(null);
      channel.emit('close', code);
    });
    return Object.assign(channel, { stderr: child.stderr });
  }

  async forward(): Promise<never> {
    throw new Error('a spoken host forwards nothing');
  }

  close(): void {
    this.closed = true;
    this.#end();
  }

  async open(limits: OpenOptions['limits'] = {}): Promise<HostSession> {
    return await openSession(spokenHost, this, { dryRun: true, log: this.log, limits });
  }

  [Symbol.dispose](): void {
    this.#end();
  }

  #end(): void {
    for (const child of this.#children) killGroup(child);
  }
}

/** The mark that a command line prints first; see LoginMark. */
export function markIn(command: string): string {
  return /'([0-9a-f]{16})' '([0-9a-f]{16})'/.exec(command)?.slice(1).join('') ?? '';
}

/** All processes of a pipe. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // They have ended.
  }
}

const size = Buffer.byteLength(remoteProgram);

/**
 * A script that greets like the remote program and then, for each request, runs `script`, which may call `begin` (with the
 * request's own mark) and `end`, and knows the number of the request as $number.
 */
export function answering(script: string, greeting = `echo '{"t":"ready"}'`): string {
  return `head -c ${size} >/dev/null
${greeting}
begin() { printf '{"t":"begin","id":"%s"}\\n' "$mark"; }
clock() { printf '{"t":"clock","now":"%s"}\\n' "$(date +%s.%N)"; }
end() { echo '{"t":"end","status":"0"}'; }
number=0
while read -r size; do
  request=$(head -c "$size")
  mark=\${request#*request_begin \\'}
  mark=\${mark%%\\'*}
  number=$((number + 1))
  ${script}
done`;
}
