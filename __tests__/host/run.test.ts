import { Duplex, PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { Channel } from '../../src/host/channel.ts';
import type { Connection } from '../../src/host/connection.ts';
import { runCommand } from '../../src/host/run.ts';
import { markIn } from './spoken-host.ts';

const host = { name: 'a', address: '10.0.0.1', port: 22, user: 'root' };

/** A channel of ssh2 after a quick command: output, exit status and end have arrived before exec has answered. */
function ended(...closing: readonly unknown[]): Connection {
  const channel: Channel = Object.assign(new PassThrough(), { stderr: new PassThrough() });
  channel.emit('exit', ...closing);
  channel.removeAllListeners('close');
  channel.once('end', () => channel.emit('close', ...closing));
  // ssh2 closes it itself, with the arguments of exit.
  Object.assign(channel, { destroy: () => channel });
  return {
    exec: async (command) => {
      channel.push(`\n${markIn(command)}\ndone`);
      channel.push(null);
      return channel;
    },
    forward: async () => new PassThrough(),
    close: () => {},
  };
}

test('a command that ends before its channel has listeners does not count as a lost connection', async () => {
  expect(await runCommand(ended(3), host, 'true', {})).toEqual({ status: 3, stdout: 'done', stderr: '' });
  expect((await runCommand(ended(null, 'KILL'), host, 'true', {})).status).toBe(255);
});

test('a channel that closes without a status is a lost connection', async () => {
  await expect(runCommand(ended(undefined), host, 'true', {})).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
});

/** A command that ends with status 0 when its stdin has ended, or with 5 after some bytes of it. */
function reading(most = Number.POSITIVE_INFINITY): { readonly connection: Connection; readonly got: () => number } {
  let got = 0;
  const channel = new Duplex({
    read: () => undefined,
    write: (piece: Buffer, _, done) => {
      got += piece.length;
      if (got < most) return setImmediate(done);
      end(5);
    },
    final: (done) => {
      done();
      end(0);
    },
  });
  const end = (status: number) => {
    channel.emit('exit', status);
    channel.push(null);
    channel.destroy();
  };
  const exec = async (command: string): Promise<Channel> => {
    channel.push(`\n${markIn(command)}\n`);
    return Object.assign(channel, { stderr: new PassThrough() });
  };
  return { connection: { exec, forward: async () => new PassThrough(), close: () => {} }, got: () => got };
}

async function* pieces(count: number, failure?: Error): AsyncGenerator<Uint8Array> {
  for (let each = 0; each < count; each += 1) yield Buffer.alloc(100_000);
  if (failure) throw failure;
}

test('a stream is sent to its end, as fast as the command reads it', async () => {
  const { connection, got } = reading();
  expect(await runCommand(connection, host, 'cat', { input: pieces(20) })).toMatchObject({ status: 0 });
  expect(got()).toBe(2_000_000);
});

test('a command that ends before it has read all of a stream says why by its status', async () => {
  expect(await runCommand(reading(500_000).connection, host, 'cat', { input: pieces(20) })).toMatchObject({
    status: 5,
  });
});

test('the failure of a stream is the failure of the command', async () => {
  const failure = new Error('damaged');
  await expect(runCommand(reading().connection, host, 'cat', { input: pieces(2, failure) })).rejects.toBe(failure);
});
