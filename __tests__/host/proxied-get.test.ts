import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { authoritiesOf, issue } from '../../src/pki/index.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';

const execute = promisify(execFile);
const sum = 'a'.repeat(64);
const servers: Server[] = [];
/** What the proxy was asked for. */
const asked: string[] = [];
let folder: AsyncDisposable & { path: string };
let ca: string;
let proxy: string;
let plain: string;
let secure: string;

async function listening(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A proxy as companies have them: absolute addresses for http, CONNECT for https. */
function proxyServer(): Server {
  const server = createServer(({ url = '' }, response) => {
    asked.push(`GET ${url}`);
    response.end(sum);
  });
  return server.on('connect', ({ url = '' }, socket, head) => {
    asked.push(`CONNECT ${url}`);
    const { hostname, port } = new URL(`http://${url}`);
    const there = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.write(head);
      there.pipe(socket).pipe(there);
    });
  });
}

beforeAll(async () => {
  folder = await scratchFolder();
  const now = new Date();
  const { authorities, secrets } = await issued(now);
  const files = secrets.get('master-1')?.files ?? [];
  const contentOf = (name: string) => files.find(({ path }) => path.endsWith(`/${name}`))?.content ?? '';
  ca = join(folder.path, 'ca.crt');
  await writeFile(ca, authorities.kubernetes.crt);
  proxy = await listening(proxyServer());
  plain = await listening(createServer((_, response) => void response.end(sum)));
  const tls = { key: contentOf('apiserver.key'), cert: contentOf('apiserver.crt') };
  secure = await listening(createHttps(tls, (_, response) => void response.end(sum)));
});

beforeEach(() => {
  asked.length = 0;
});

afterAll(async () => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
  await folder[Symbol.asyncDispose]();
});

async function issued(now: Date) {
  const authorities = await authoritiesOf({ kind: 'none', kept: {} }, now);
  return { authorities, ...(await issue(seedCluster(), authorities, new Map(), now)) };
}

type Environment = Readonly<Record<string, string>>;

/** What a program prints that is started with this environment, as a runner starts an action. */
async function printed(program: string, env: Environment): Promise<string> {
  const argv = ['--input-type=module', '-e', program];
  const { stdout } = await execute(process.execPath, argv, { env: { PATH: process.env.PATH, ...env } });
  return stdout.trim();
}

const module = (name: string) => new URL(`../../src/host/${name}.ts`, import.meta.url);

const sumOf = (url: string, env: Environment) =>
  printed(
    `import { resolveSum } from '${module('sums')}';
     console.log(await resolveSum('${url}/a', '${url}/a.sha256'));`,
    env,
  );

/** The error of one attempt. */
const errorOf = (url: string, env: Environment) =>
  printed(
    `import { proxiedGet } from '${module('proxied-get')}';
     await proxiedGet(new URL('${url}'), { signal: AbortSignal.timeout(5000) }).catch((error) => console.log(error.message));`,
    env,
  );

test('a request with http goes through HTTP_PROXY, and the address need not be reachable directly', async () => {
  expect(await sumOf('http://mirror.example', { HTTP_PROXY: `http://${proxy}` })).toBe(sum);
  expect(asked).toEqual(['GET http://mirror.example/a.sha256']);
});

test('a request with https goes through https_proxy as a tunnel, and NODE_EXTRA_CA_CERTS is trusted', async () => {
  const env = { https_proxy: `http://${proxy}`, NODE_EXTRA_CA_CERTS: ca };
  expect(await sumOf(`https://${secure}`, env)).toBe(sum);
  expect(asked).toEqual([`CONNECT ${secure}`]);
});

test('without its CA a private server is refused', async () => {
  expect(await errorOf(`https://${secure}`, {})).toMatch(/certificate/);
});

test('a host of NO_PROXY is asked directly', async () => {
  expect(await sumOf(`http://${plain}`, { HTTP_PROXY: `http://${proxy}`, NO_PROXY: '127.0.0.1' })).toBe(sum);
  expect(asked).toEqual([]);
});

test('the error of a proxy that refuses has its answer', async () => {
  const refusing = await listening(
    createServer().on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')),
  );
  expect(await errorOf('https://mirror.example', { HTTPS_PROXY: `http://${refusing}` })).toMatch(/407/);
});
