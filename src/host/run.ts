import { Problem } from '../errors.ts';
import { asRoot } from './as-root.ts';
import { type Channel, type Connection, lost } from './connection.ts';
import type { HostAddress } from './engine.ts';
import { call } from './quote.ts';

export interface RunOptions {
  readonly input?: string;
  /** 60 unless told. */
  readonly timeoutSeconds?: number;
}

export interface RunResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a line of sh as root in a channel of its own. Its end is awaited here and enforced there too, so that nothing
 * goes on when the runner is gone.
 * @throws Problem COMMAND_TIMEOUT, CONNECTION_LOST.
 */
export async function runCommand(
  connection: Connection,
  host: HostAddress,
  command: string,
  options: RunOptions,
): Promise<RunResult> {
  const { input = '', timeoutSeconds = 60 } = options;
  const limited = call('timeout', '-k', '2', String(timeoutSeconds + 1), 'sh', '-c', command);
  const channel = await connection.exec(asRoot(host, limited));
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut(host, timeoutSeconds)), timeoutSeconds * 1000);
  });
  try {
    const result = collect(channel);
    channel.end(input);
    return await Promise.race([result, deadline]);
  } finally {
    clearTimeout(timer);
    channel.destroy();
  }
}

function collect(channel: Channel): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    let status: number | undefined;
    channel.on('data', (chunk: Buffer) => stdout.push(chunk));
    channel.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // A command that a signal ended has no status of its own; sh would say 128 and the signal's number.
    channel.on('exit', (code: number | null) => {
      status = code ?? 255;
    });
    channel.on('error', (error: Error) => reject(lost(error)));
    // A quick command's `exit` comes before anyone can listen, in one packet with the answer to exec; ssh2 says it again here.
    channel.on('close', (code?: number | null, signal?: string) => {
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
      status ??= code ?? (signal === undefined ? undefined : 255);
      if (status === undefined) reject(lost());
      else resolve({ status, stdout: text(stdout), stderr: text(stderr) });
    });
  });
}

function timedOut(host: HostAddress, seconds: number): Problem {
  return new Problem(`a command has not ended within ${seconds} s`, { code: 'COMMAND_TIMEOUT', host: host.name });
}
