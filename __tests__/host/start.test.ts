import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { Channel } from '../../src/host/channel.ts';
import type { Connection } from '../../src/host/connection.ts';
import { startCommand } from '../../src/host/start.ts';
import { markIn } from './spoken-host.ts';

const host = { name: 'a', address: '10.0.0.1', port: 22, user: 'root' };

/** A command that prints this, and ends with these arguments of ssh2; `sent` is what it gets. */
function printing(chunks: readonly string[], ...closing: readonly unknown[]) {
  const sent: string[] = [];
  const channel: Channel = Object.assign(new PassThrough(), { stderr: new PassThrough() });
  channel.removeAllListeners('close');
  channel.write = ((text: string) => sent.push(text) > 0) as Channel['write'];
  Object.assign(channel, {
    destroy: () => {
      channel.emit('close', ...closing);
      return channel;
    },
  });
  const connection: Connection = {
    exec: async (command) => {
      channel.push(`the login says hello\n${markIn(command)}\n`);
      for (const chunk of chunks) channel.push(chunk);
      channel.once('end', () => channel.emit('close', ...closing));
      return channel;
    },
    forward: async () => new PassThrough(),
    close: () => {},
  };
  return { connection, channel, sent };
}

async function textOf(output: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const piece of output) text += piece.toString();
  return text;
}

test('its output is read as it comes, without what the login prints, and it gets what is sent', async () => {
  const { connection, channel, sent } = printing(['one'], 0);
  const command = await startCommand(connection, host, 'cat', 60);
  expect((await command.output.next()).value?.toString()).toBe('one');
  command.send('send\n');
  channel.push(' three');
  channel.push(null);
  expect(await textOf(command.output)).toBe(' three');
  expect(await command.finish()).toEqual({ status: 0, stderr: '' });
  expect(sent).toEqual(['send\n']);
});

test('its end with a failure is a status, and a lost connection is never the end of its output', async () => {
  const failing = printing(['words'], 3);
  const failed = await startCommand(failing.connection, host, 'false', 60);
  failing.channel.push(null);
  expect(await textOf(failed.output)).toBe('words');
  expect((await failed.finish()).status).toBe(3);
  const cut = printing(['half of it'], undefined);
  const lost = await startCommand(cut.connection, host, 'cat', 60);
  cut.channel.push(null);
  await expect(textOf(lost.output)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
});

test('one that takes too long is ended', async () => {
  const { connection } = printing([], undefined);
  const command = await startCommand(connection, host, 'sleep 100', 0.05);
  await expect(command.finish()).rejects.toMatchObject({ code: 'COMMAND_TIMEOUT', fields: { host: 'a' } });
});
