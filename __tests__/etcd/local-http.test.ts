import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askMember } from '../../src/etcd/local-http.ts';

const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-local-http-'));
const alarm = '{"health":"false","reason":"ALARM NOSPACE"}';
const server = createServer(({ url }, response) => {
  response.writeHead(url === '/health' ? 503 : 200).end(url === '/health' ? alarm : 'etcd_metric 1\n');
});

beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** What the line prints on a host with these programs only. */
async function printed(path: '/health' | '/metrics', programs: Readonly<Record<string, string>>): Promise<string> {
  const bin = mkdtempSync(join(folder, 'bin-'));
  for (const [name, file] of Object.entries({ timeout: '/usr/bin/timeout', ...programs }))
    symlinkSync(file, join(bin, name));
  const line = askMember({ address: '10.0.0.1' }, path).replaceAll(
    ':2381/',
    `:${(server.address() as AddressInfo).port}/`,
  );
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', `${line}; :`], { env: { PATH: bin } });
  return stdout;
}

test.each([
  ['curl', { curl: '/usr/bin/curl' }, alarm],
  ['GNU wget', { wget: '/usr/bin/wget' }, alarm],
  ['the wget of busybox, which has no text of an error', { wget: '/usr/bin/busybox' }, ''],
])('a member with an alarm is asked by %s', async (_, programs, health) => {
  expect(await printed('/health', programs)).toBe(health);
  expect(await printed('/metrics', programs)).toBe('etcd_metric 1\n');
});
