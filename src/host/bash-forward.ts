import { Duplex } from 'node:stream';
import type { Channel } from './channel.ts';
import type { Endpoint } from './connection-problems.ts';
import { LoginMark } from './login-mark.ts';
import { openInTime } from './open-in-time.ts';
import { call } from './quote.ts';

/** Connects file descriptor 3, prints the mark, and copies both ways until one side ends. */
const script =
  'exec 3<>"/dev/tcp/$0/$1" 4<&0 || exit; printf "\\n%s%s\\n" "$2" "$3"; cat <&3 & cat <&4 >&3 & wait -n; kill %1 %2 2>/dev/null';

/**
 * A stream to `address:port` from the host's own network, for servers that allow sessions and no TCP forwarding: bash connects.
 * @param answerTimeout limit for bash, once it runs, ms
 * @throws Error with what bash says
 */
export async function forwardByBash(
  start: (command: string) => Promise<Channel>,
  { address, port }: Omit<Endpoint, 'user'>,
  answerTimeout: number,
): Promise<Duplex> {
  const mark = new LoginMark();
  const channel = await start(call('env', 'LC_ALL=C', 'bash', '-c', script, address, String(port), ...mark.halves));
  const stream = new Duplex({
    read: () => void channel.resume(),
    write: (chunk, _, done) => void channel.write(chunk, () => done()),
    final: (done) => void channel.end(() => done()),
    destroy: (error, done) => {
      channel.destroy();
      done(error);
    },
  });
  // Before the stream is returned, its error is the rejection below; without a listener here it would end the process.
  stream.on('error', () => undefined);
  let stderr = '';
  channel.stderr.on('data', (chunk: Buffer) => {
    stderr = `${stderr}${chunk.toString()}`.slice(-1000);
  });
  const opening = new Promise<Duplex>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      const rest = mark.take(chunk);
      if (rest.length > 0 && !stream.push(rest)) channel.pause();
      if (mark.passed) resolve(stream);
    };
    channel.on('data', (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        stream.destroy(error as Error);
        reject(error);
      }
    });
    channel.once('error', (error: Error) => void stream.destroy(error));
    channel.once('close', () => {
      stream.push(null);
      reject(new Error(stderr.trim().split('\n').at(-1) || 'the host runs no bash'));
    });
  });
  try {
    return await openInTime(answerTimeout, opening);
  } catch (error) {
    stream.destroy();
    throw error;
  }
}
