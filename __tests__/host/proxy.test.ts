import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { hostState } from '../../src/host/index.ts';
import { LocalHost } from './local-host.ts';

// Processes are started, and a busy machine takes its time.
jest.setTimeout(60_000);

/** A web server and a proxy in one: a proxy is asked for whole URLs. */
let server: Server;
let url: string;
let asked: string[] = [];

beforeAll(async () => {
  server = createServer(({ url: path = '' }, response) => {
    asked.push(path);
    const isSum = path.endsWith('.sha256');
    response.end(isSum ? createHash('sha256').update('content').digest('hex') : 'content');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});
beforeEach(() => {
  asked = [];
});

/** Downloads one file from a server that only the proxy reaches, or from the test's own. */
async function download(from: string, noProxy: string, environment: Record<string, string> = {}) {
  using host = new LocalHost('/bin/sh');
  Object.assign(host.environment, environment);
  const place = host.path('/srv/file');
  const downloads = [{ url: `${from}/file`, sumUrl: `${url}/file.sha256`, mode: '644', place }];
  const session = await host.open();
  await session.apply('demo', hostState({ downloads, proxy: { http: url, https: undefined, noProxy } }), host.log);
  const { answers } = await session.inspect({ ask: ['env'] });
  await session.close();
  expect(answers[0]?.stdout).toMatch(/^PATH=/m);
  expect(answers[0]?.stdout).not.toMatch(/proxy/i);
  return asked.filter((path) => !path.endsWith('.sha256'));
}

test('a host downloads by the proxy of cluster.yaml, and nothing else on it sees the proxy', async () => {
  expect(await download('http://mirror.invalid', '.svc')).toEqual(['http://mirror.invalid/file']);
});

test('what is excluded is downloaded without it, and a proxy of the host itself is ignored', async () => {
  const own = { http_proxy: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9', no_proxy: '' };
  expect(await download(url, '.svc,127.0.0.1', own)).toEqual(['/file']);
});
