import { execFile } from 'node:child_process';
import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, expect, test } from '@jest/globals';
import { fetchBody, findSum, resolveSum } from '../../src/host/sums.ts';
import { makeAuthorities } from '../../src/pki/authorities.ts';

const execute = promisify(execFile);
const sum = 'a'.repeat(64);
const limits = { attemptMs: 500, bytes: 10_000 };
const servers: Server[] = [];

afterAll(() => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});

async function listening(server: Server, scheme: string): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The error for the checksum of a file on a mirror with this answer. */
async function reported(answer: RequestListener) {
  const asked: string[] = [];
  const mirror = await listening(
    createHttp((question, response) => {
      asked.push(question.url ?? '');
      answer(question, response);
    }),
    'http',
  );
  const began = performance.now();
  const outcome = await resolveSum(`${mirror}/app.tgz`, `${mirror}/app.sha256`, { limits }).catch((error) => error);
  return { outcome, asked, milliseconds: performance.now() - began };
}

test.each<[what: string, answer: RequestListener, message: RegExp]>([
  ['never ends', (_, response) => void setInterval(() => response.write('x'.repeat(5000)), 1).unref(), /10000 bytes/],
  [
    'says that it has 1 GB',
    (_, response) => void response.writeHead(200, { 'content-length': 1e9 }).write('x'),
    /10000/,
  ],
  ['leads in a circle', (_, response) => void response.writeHead(302, { location: '/again' }).end(), /5 redirects/],
  [
    'leads to a file',
    (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    /address/,
  ],
  ['leads nowhere', (_, response) => void response.writeHead(302, { location: 'http://[' }).end(), /address/],
])('a mirror whose sum file %s is asked once, and is a problem', async (_, answer, message) => {
  const { outcome, asked, milliseconds } = await reported(answer);
  expect(outcome).toMatchObject({ code: 'MIRROR_NONSENSE', message: expect.stringMatching(message) });
  expect(new Set(asked).size).toBeLessThanOrEqual(2);
  expect(milliseconds).toBeLessThan(3000);
});

test('a mirror that sends single bytes meets its deadline, and is asked again', async () => {
  const { outcome, asked } = await reported((_, response) => void setInterval(() => response.write('a'), 50).unref());
  expect(outcome).toMatchObject({ code: 'MIRROR_UNREACHABLE', message: expect.stringMatching(/due to timeout$/) });
  expect(asked).toHaveLength(4);
}, 30_000);

test('a redirect to another address with the same scheme is followed', async () => {
  const { outcome } = await reported(({ url }, response) =>
    url === '/app.sha256' ? void response.writeHead(302, { location: '/there' }).end() : void response.end(sum),
  );
  expect(outcome).toBe(sum);
});

test('a redirect from https to http is refused', async () => {
  const { kubernetes } = await makeAuthorities(new Date());
  const plain = await listening(
    createHttp((_, response) => void response.end(sum)),
    'http',
  );
  const tls = { key: kubernetes.key, cert: kubernetes.crt };
  const safe = await listening(
    createHttps(tls, (_, response) => void response.writeHead(302, { location: plain }).end()),
    'https',
  );
  // In a separate process, which trusts the server from its start.
  const sums = new URL('../../src/host/sums.ts', import.meta.url);
  const program = `import { resolveSum } from '${sums}';
    await resolveSum('${safe}/a', '${safe}/a.sha256').catch(({ code, message }) => console.log(code, message));`;
  const env = { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  const { stdout } = await execute(process.execPath, ['--input-type=module', '-e', program], { env });
  expect(stdout).toMatch(/^MIRROR_NONSENSE .*from https to http/);
});

test('a file with a name that is not valid in a URL is searched unchanged', async () => {
  const { outcome } = await reported((_, response) => void response.end(`${sum}  a%zz\n`));
  expect(outcome).toMatchObject({ code: 'SUM_MISSING' });
  const mirror = await listening(
    createHttp((_, response) => void response.end(`${sum}  a%zz\n`)),
    'http',
  );
  expect(await resolveSum(`${mirror}/a%zz`, `${mirror}/sums`, { limits })).toBe(sum);
});

test('GitHub’s limit for an address is reported as such, with its end, and not asked again', async () => {
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1800000000' };
  const { outcome, asked } = await reported((_, response) => void response.writeHead(403, headers).end());
  expect(outcome).toMatchObject({ code: 'RATE_LIMITED', message: expect.stringContaining('2027-01-15T08:00:00') });
  expect(asked).toHaveLength(1);
});

test('a request names its sender, without which GitHub refuses it, and its token goes to no other server than the API of GitHub', async () => {
  const seen: unknown[] = [];
  const mirror = await listening(
    createHttp(({ headers }, response) => {
      seen.push(headers.authorization, headers['user-agent']);
      response.end(sum);
    }),
    'http',
  );
  const sumUrl = `${mirror}/api.github.com/repos/x`;
  await resolveSum(`${mirror}/app`, sumUrl, { limits, token: 'a token' });
  expect(seen).toEqual([undefined, 'k8s-ha-action']);
});

test('a token is not sent along a redirect to another server', async () => {
  const seen: unknown[] = [];
  const answer = (next: string) =>
    listening(
      createHttp(({ headers: { authorization, accept } }, response) => {
        seen.push([authorization, accept]);
        if (next === '') response.end(sum);
        else response.writeHead(302, { location: next }).end();
      }),
      'http',
    );
  const first = await answer(await answer(''));
  expect(String(await fetchBody(first, { authorization: 'Bearer x', accept: 'text/plain' }, { limits }))).toBe(sum);
  expect(seen).toEqual([
    ['Bearer x', 'text/plain'],
    [undefined, 'text/plain'],
  ]);
});

test.each<[what: string, text: string]>([
  ['assets that are no list', '{"assets":{"find":"x"}}'],
  ['assets that are nothing', '{"assets":[null,1,"x",[]]}'],
  ['an asset of every object’s own', '{"assets":[{"__proto__":{"name":"app.tgz","digest":"x"}}]}'],
  ['a digest that is a number', '{"assets":[{"name":"app.tgz","digest":1}]}'],
  ['JSON that breaks off', '{"assets":[{"name":'],
  ['a line of blanks', `${sum}  ${' '.repeat(1_000_000)}x`],
  ['lines without an end', `${'a'.repeat(2_000_000)}`],
  ['a sum of too many digits', `${'a'.repeat(65)}  app.tgz`],
])('%s has no checksum', (_, text) => {
  const began = performance.now();
  expect(findSum(text, 'app.tgz')).toBeUndefined();
  expect(performance.now() - began).toBeLessThan(1000);
});
