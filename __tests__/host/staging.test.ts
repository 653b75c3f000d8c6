import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { type Download, hostState } from '../../src/host/index.ts';
import { LocalHost, shells } from './local-host.ts';

// Processes are started, and a busy machine takes its time.
jest.setTimeout(60_000);

let server: Server;
let url: string;
let asked: string[] = [];

beforeAll(async () => {
  server = createServer(({ url: path = '' }, response) => {
    asked.push(path);
    const content = `content of ${path.replace('.sha256', '')}`.padEnd(path.startsWith('/big') ? 1 << 20 : 0);
    response.end(path.endsWith('.sha256') ? createHash('sha256').update(content).digest('hex') : content);
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

/** The wanted file of a version. */
function tool(host: LocalHost, version: string): Download {
  const address = `${url}/${version}`;
  return { url: address, sumUrl: `${address}.sha256`, mode: '755', place: host.path('/srv/tool') };
}

const binaries = () => asked.filter((path) => !path.endsWith('.sha256'));

test.each(shells)('under %s a new version is staged, and placed later without another download', async (_, shell) => {
  using host = new LocalHost(shell);
  const session = await host.open();
  const early = (version: string) =>
    session.apply('app-early', hostState({ downloads: [tool(host, version)], stagedFor: 'app' }), host.log);
  const placed = (version: string) => session.apply('app', hostState({ downloads: [tool(host, version)] }), host.log);
  const there = () => readFileSync(host.path('/srv/tool'), 'utf8');
  const staged = () => readdirSync(host.path('/var/lib/k8s-ha-action')).includes('staged');

  // Where nothing is at the place, nothing can run from there.
  expect((await early('1')).changes).toMatchObject([{ kind: 'download', reason: 'missing' }]);
  expect([there(), staged()]).toEqual(['content of /1', false]);
  expect((await placed('1')).changes).toEqual([]);

  expect((await early('2')).changes).toEqual([]);
  // The run was killed, and another one begins.
  expect((await early('2')).changes).toEqual([]);
  expect([there(), staged()]).toEqual(['content of /1', true]);
  expect((await placed('2')).changes).toMatchObject([{ kind: 'download', reason: `${url}/1 → ${url}/2` }]);
  expect([there(), staged(), binaries()]).toEqual(['content of /2', false, ['/1', '/2']]);
  await session.inspect({});
  expect(await session.difference('app', hostState({ downloads: [tool(host, '2')] }))).toEqual([]);
  await session.close();
});

test.each(shells)('under %s what is no longer wanted does not stay', async (_, shell) => {
  using host = new LocalHost(shell);
  const session = await host.open();
  const early = (scope: string, version: string) =>
    session.apply(`${scope}-early`, hostState({ downloads: [tool(host, version)], stagedFor: scope }), host.log);
  const files = () => readdirSync(host.path('/var/lib/k8s-ha-action'), { recursive: true }).map(String);
  const sumOf = (version: string) => createHash('sha256').update(`content of /${version}`).digest('hex');

  await early('app', '1');
  await session.apply('app', hostState({ downloads: [tool(host, '1')] }), host.log);
  await early('app', '2');
  await early('app', '3');
  expect(files()).toContain(`staged/app/${sumOf('3')}`);
  expect(files()).not.toContain(`staged/app/${sumOf('2')}`);
  // What another scope has staged is not downloaded again, and stays for it.
  await early('other', '3');
  expect(files()).toEqual(expect.arrayContaining([`staged/app/${sumOf('3')}`, `staged/other/${sumOf('3')}`]));
  expect(binaries()).toEqual(['/1', '/2', '/3']);
  // The change was taken back: the next run of each scope, which has nothing else to do, removes it.
  for (const scope of ['app', 'other'])
    expect((await session.apply(scope, hostState({ downloads: [tool(host, '1')] }), host.log)).changes).toEqual([]);
  expect(files().filter((path) => path.startsWith('staged'))).toEqual([]);
  await session.close();
});

test.each(shells)(
  'under %s a big binary that is in place is known by its record, with one request',
  async (_, shell) => {
    using host = new LocalHost(shell);
    const state = hostState({ downloads: [tool(host, 'big')] });
    const run = async () => {
      const session = await host.open();
      const before = host.requests;
      await session.inspect({});
      const { changes } = await session.apply('app', state, host.log);
      await session.close();
      return [changes.length, host.requests - before];
    };
    expect((await run())[0]).toBe(1);
    expect(await run()).toEqual([0, 1]);
  },
);
