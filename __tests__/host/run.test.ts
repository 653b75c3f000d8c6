import { PassThrough } from 'node:stream';
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
