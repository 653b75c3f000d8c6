import { Tail } from '../entry/bytes.ts';
import { Problem } from '../errors.ts';
import { asRoot } from './as-root.ts';
import { type Channel, type ExitArguments, statusOf } from './channel.ts';
import type { Connection } from './connection.ts';
import { lost } from './connection-problems.ts';
import type { HostAddress, RunningCommand } from './engine.ts';
import { type Limits, usualLimits } from './limits.ts';
import { LoginMark } from './login-mark.ts';
import { endOf } from './login-refusal.ts';
import { call } from './quote.ts';

interface End {
  readonly status: number | undefined;
  readonly failure?: Error;
}

/**
 * Starts a line of sh as root in a separate channel; its output is read as it arrives, at the reader's pace. The time limit is also enforced on
 * the host, so the command ends even if the runner is gone.
 * @throws Problem of the connection; the others come with the output
 */
export async function startCommand(
  connection: Connection,
  host: HostAddress,
  command: string,
  timeoutSeconds: number,
  limits: Pick<Limits, 'errorBytes'> = usualLimits,
): Promise<RunningCommand> {
  // The shell cleans up when it is asked to end, which may take a moment.
  const limited = call('timeout', '-k', '30', String(timeoutSeconds + 1), 'sh', '-c', command);
  const mark = new LoginMark();
  const channel = await connection.exec(asRoot(host, mark.before(limited)));
  const stderr = new Tail(limits.errorBytes);
  channel.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
  let over = false;
  const end = () => void channel.destroy();
  const timer = setTimeout(() => {
    over = true;
    end();
  }, timeoutSeconds * 1000);
  const ended = endOfChannel(channel).finally(() => clearTimeout(timer));
  const finish = async () => {
    const { status, failure } = await ended;
    if (over) throw overdue(host, timeoutSeconds);
    if (failure) throw failure;
    if (status === undefined || !mark.passed) throw endOf(host, mark, stderr.text(), status);
    return { status, stderr: mark.after(stderr.text()) };
  };
  return { output: outputOf(channel, mark, finish), send: (text) => void channel.write(text), finish, end };
}

/** stdout without what the login prints. A connection that was lost is an error, and not the end of the output. */
async function* outputOf(
  channel: Channel,
  mark: LoginMark,
  finish: () => Promise<unknown>,
): AsyncGenerator<Buffer, void> {
  try {
    for await (const chunk of channel) {
      const piece = mark.take(chunk);
      if (piece.length > 0) yield piece;
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
  }
  await finish();
}

/** Never rejects: whether the caller waits for it or not. */
function endOfChannel(channel: Channel): Promise<End> {
  return new Promise((resolve) => {
    let status: number | undefined;
    let failure: Error | undefined;
    channel.on('exit', (code: number | null) => {
      status = code ?? 255;
    });
    channel.on('error', (error: Error) => {
      failure = lost(error);
    });
    channel.on('close', (...how: ExitArguments) => {
      resolve({ status: status ?? statusOf(...how), ...(failure && { failure }) });
    });
  });
}

function overdue(host: HostAddress, seconds: number): Problem {
  return new Problem(`a command has not ended within ${seconds} s`, { code: 'COMMAND_TIMEOUT', host: host.name });
}
