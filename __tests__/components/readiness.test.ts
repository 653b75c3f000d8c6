import { spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { listens } from '../../src/components/readiness.ts';
import { shellCommand } from '../../src/host/shell-command.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listen(host: string): Promise<number> {
  const server = createServer();
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const holds = (line: string) => spawnSync('sh', ['-c', line]).status === 0;

test('a port with a listener is ready, on one address or on all', async () => {
  expect(holds(listens(await listen('127.0.0.1')))).toBe(true);
  expect(holds(listens(await listen('::')))).toBe(true);
});

test('a port without a listener is not ready', async () => {
  const port = await listen('127.0.0.1');
  await new Promise((resolve) => open.splice(0).map((server) => server.close(resolve)));
  expect(holds(listens(port))).toBe(false);
});

test('arguments of a command are passed unchanged', () => {
  expect(spawnSync('sh', ['-c', shellCommand(['printf', '%s|', "it's", '$HOME', 'a b'])]).stdout.toString()).toBe(
    "it's|$HOME|a b|",
  );
});
