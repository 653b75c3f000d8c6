import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { forwardByBash } from '../../src/host/bash-forward.ts';
import { notForwarded } from '../../src/host/connection-problems.ts';
import { SpokenHost } from './spoken-host.ts';

test('a host that prints without an end in place of a connection is a problem, and not the end of the process', async () => {
  using host = new SpokenHost('yes', false);
  const uncaught: unknown[] = [];
  const note = (error: unknown) => void uncaught.push(error);
  process.on('uncaughtException', note);
  const forwarding = forwardByBash((command) => host.exec(command), { address: '10.0.0.1', port: 6443 }, 5000);
  await expect(forwarding).rejects.toMatchObject({ code: 'HOST_NONSENSE' });
  await delay(50);
  process.off('uncaughtException', note);
  expect(uncaught).toEqual([]);
});

test('the words of the host about a connection are without secrets', () => {
  const { message } = notForwarded('10.0.0.1', 6443, new Error('(SSH) password=hunter2hunter2'));
  expect(message).toBe('the host cannot reach 10.0.0.1:6443: password=[removed]');
});
