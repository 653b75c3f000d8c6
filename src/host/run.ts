import { once } from 'node:events';
import pTimeout from 'p-timeout';
import { Bytes, Tail } from '../entry/bytes.ts';
import { Problem } from '../errors.ts';
import { asRoot } from './as-root.ts';
import { type Channel, type ExitArguments, statusOf } from './channel.ts';
import type { Connection } from './connection.ts';
import { lost } from './connection-problems.ts';
import type { HostAddress } from './engine.ts';
import { type Limits, usualLimits } from './limits.ts';
import { LoginMark } from './login-mark.ts';
import { endOf } from './login-refusal.ts';
import { hostNonsense } from './nonsense.ts';
import { call } from './quote.ts';

export interface RunOptions {
  /** A stream is read as fast as the command reads it. */
  readonly input?: string | AsyncIterable<Uint8Array>;
  /** Time limit of the command in seconds. Default: 60. */
  readonly timeoutSeconds?: number;
}

export interface RunResult {
  readonly status: number;
  readonly stdout: string;
  /** The last part, if it is long. */
  readonly stderr: string;
}

/**
 * Runs a line of sh as root in a separate channel. The time limit is also enforced on the host, so the command
 * ends even if the runner is gone. What the host prints at the login is not part of the output.
 * @throws Problem COMMAND_TIMEOUT, CONNECTION_LOST, HOST_SILENT, LOGIN_REFUSED, SUDO_REFUSED, HOST_NONSENSE when its output is
 *   longer than `outputBytes`; what reading the stream `input` throws.
 */
export async function runCommand(
  connection: Connection,
  host: HostAddress,
  command: string,
  options: RunOptions,
  limits: Pick<Limits, 'outputBytes' | 'errorBytes'> = usualLimits,
): Promise<RunResult> {
  const { input = '', timeoutSeconds = 60 } = options;
  const limited = call('timeout', '-k', '2', String(timeoutSeconds + 1), 'sh', '-c', command);
  const mark = new LoginMark();
  let end = () => {};
  let over = false;
  const work = async (): Promise<RunResult> => {
    const channel = await connection.exec(asRoot(host, mark.before(limited)));
    end = () => void channel.destroy();
    if (over) end();
    const [result] = await Promise.all([collect(channel, host, mark, limits), send(input, channel)]);
    return result;
  };
  try {
    return await pTimeout(work(), { milliseconds: timeoutSeconds * 1000, message: timedOut(host, timeoutSeconds) });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // Otherwise it would keep sending into a channel that is not read.
    if (error.code === 'HOST_NONSENSE') connection.close(true);
    throw error.within({ host: host.name });
  } finally {
    over = true;
    end();
  }
}

/** @throws what reading the stream throws */
async function send(input: string | AsyncIterable<Uint8Array>, channel: Channel): Promise<void> {
  if (typeof input === 'string') return void channel.end(input);
  for await (const piece of input) {
    // The command has ended before it has read all, and its status says why.
    if (!channel.writable) return;
    if (!channel.write(piece)) await drained(channel);
  }
  channel.end();
}

/** Until the channel takes more, or is closed. */
async function drained(channel: Channel): Promise<void> {
  const over = new AbortController();
  const seen = (event: string) => once(channel, event, { signal: over.signal }).catch(() => undefined);
  await Promise.race([seen('drain'), seen('close')]);
  over.abort();
}

function collect(
  channel: Channel,
  host: HostAddress,
  mark: LoginMark,
  limits: Pick<Limits, 'outputBytes' | 'errorBytes'>,
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const stdout = new Bytes(limits.outputBytes, (what) => hostNonsense(`a command's output has ${what}`));
    const stderr = new Tail(limits.errorBytes);
    let status: number | undefined;
    channel.on('data', (chunk: Buffer) => {
      try {
        stdout.add(mark.take(chunk));
      } catch (error) {
        // Data that arrives until the channel is closed is discarded.
        channel.removeAllListeners('data').resume();
        reject(error as Error);
      }
    });
    channel.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
    channel.on('exit', (code: number | null) => {
      status = code ?? 255;
    });
    channel.on('error', (error: Error) => reject(lost(error)));
    // A fast command's `exit` event can fire before a listener is added, because it is in the same packet as the answer to exec; ssh2
    // repeats it here.
    channel.on('close', (...how: ExitArguments) => {
      status ??= statusOf(...how);
      if (status === undefined || !mark.passed) reject(endOf(host, mark, stderr.text(), status));
      else resolve({ status, stdout: stdout.text(), stderr: mark.after(stderr.text()) });
    });
  });
}

function timedOut(host: HostAddress, seconds: number): Problem {
  return new Problem(`a command has not ended within ${seconds} s`, { code: 'COMMAND_TIMEOUT', host: host.name });
}
