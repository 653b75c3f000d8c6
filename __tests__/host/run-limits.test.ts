import { expect, test } from '@jest/globals';
import { usualLimits } from '../../src/host/limits.ts';
import { runCommand } from '../../src/host/run.ts';
import { SpokenHost, spokenHost } from './spoken-host.ts';

const limits = { ...usualLimits, outputBytes: 100_000, errorBytes: 1000 };

test('a command with endless output is a problem of its host, and the connection is cut', async () => {
  using host = new SpokenHost('yes');
  const running = runCommand(host, spokenHost, 'true', { timeoutSeconds: 20 }, limits);
  await expect(running).rejects.toMatchObject({ code: 'HOST_NONSENSE', fields: { host: 'local' } });
  expect(host.closed).toBe(true);
});

test('of endless errors the last ones are kept, until the command’s time limit', async () => {
  using host = new SpokenHost('yes >&2');
  const running = runCommand(host, spokenHost, 'true', { timeoutSeconds: 1 }, limits);
  await expect(running).rejects.toMatchObject({ code: 'COMMAND_TIMEOUT', fields: { host: 'local' } });
});

test('of a command’s long errors the last part is kept', async () => {
  using host = new SpokenHost('seq 100000 >&2; echo out; exit 3');
  const { status, stdout, stderr } = await runCommand(host, spokenHost, 'true', {}, limits);
  expect([status, stdout, stderr.length]).toEqual([3, 'out\n', 1000]);
  expect(stderr).toMatch(/\n99999\n100000\n$/);
});

test('a host that never starts the command costs no more than the command’s time limit, and a late channel is closed', async () => {
  const late = Promise.withResolvers<Awaited<ReturnType<SpokenHost['exec']>>>();
  using host = new SpokenHost('sleep 30');
  host.exec = () => late.promise;
  const running = runCommand(host, spokenHost, 'true', { timeoutSeconds: 0.3 }, limits);
  await expect(running).rejects.toMatchObject({ code: 'COMMAND_TIMEOUT', fields: { host: 'local' } });
  const channel = await new SpokenHost('sleep 1').exec('true');
  const closed = new Promise((resolve) => channel.once('close', resolve));
  late.resolve(channel);
  await closed;
});
