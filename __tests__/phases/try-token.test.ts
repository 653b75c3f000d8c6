import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openIssuer } from '../../lab/issuer/issuer.ts';
import { Problem, problemsOf } from '../../src/errors.ts';
import { tryToken } from '../../src/phases/try-token.ts';
import { errorOf } from './scene.ts';

const temp = mkdtempSync(join(tmpdir(), 'k8s-ha-try-token-'));
const token = 'a.token.of-a-job';
const claims = { repository: 'org/app', repository_id: '1', environment: 'production', actor: 'someone' };
let ca: string;
let server: Server;
let answer: RequestListener;

beforeAll(async () => {
  ({ ca } = openIssuer(temp, '127.0.0.1'));
  const read = (name: string) => readFileSync(join(temp, name));
  server = createServer({ key: read('server.key'), cert: read('server.crt') }, (request, response) =>
    answer(request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  server.close();
  rmSync(temp, { recursive: true, force: true });
});

const url = () => `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
const tried = (parts: Partial<Parameters<typeof tryToken>[0]> = {}) =>
  tryToken({ servers: [url()], ca, token, claims, ...parts });
const fieldsOf = async (parts: Partial<Parameters<typeof tryToken>[0]> = {}) =>
  problemsOf(await errorOf(() => tried(parts))).map((part) => (part instanceof Problem ? part.fields : part));
const user = { username: 'github:org/app', groups: ['github:1', 'system:authenticated'] };

test('the first API server that answers gives the token’s user', async () => {
  const seen: (string | undefined)[] = [];
  answer = (request, response) => {
    seen.push(request.method, request.url, request.headers.authorization);
    response.writeHead(201).end(JSON.stringify({ status: { userInfo: user } }));
  };
  const servers = ['https://127.0.0.1:1', url()];
  expect(await tried({ servers })).toEqual({ server: url(), user });
  expect(seen).toEqual(['POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', `Bearer ${token}`]);
});

test.each([401, 403])('a refusal (%s) names the claims that rules use, and not the token', async (status) => {
  answer = (_, response) => response.writeHead(status).end('{}');
  const [fields, ...more] = await fieldsOf();
  expect(more).toEqual([]);
  expect(fields).toMatchObject({ code: 'TOKEN_REFUSED', host: url() });
  const detail = (fields as { detail: readonly string[] }).detail;
  expect(detail).toContain('repository: "org/app"');
  expect(detail).toContain('event_name: not in the token');
  expect(detail.join()).not.toMatch(/actor|token-of/);
});

test('a certificate of another CA is reported', async () => {
  const other = openIssuer(join(temp, 'other'), '127.0.0.1');
  expect(await fieldsOf({ ca: other.ca })).toEqual([expect.objectContaining({ code: 'API_UNTRUSTED' })]);
});

test('a certificate with another name is reported', async () => {
  const elsewhere = url().replace('127.0.0.1', 'localhost');
  expect(await fieldsOf({ servers: [elsewhere] })).toEqual([expect.objectContaining({ code: 'API_UNTRUSTED' })]);
});

test.each<[string, RequestListener]>([
  ['an error', (_, response) => response.writeHead(503).end()],
  ['nonsense', (_, response) => response.writeHead(201).end('x')],
  ['an answer without an end', (_, response) => response.writeHead(201).end('x'.repeat(1 << 20))],
  ['a connection that breaks', (request) => request.socket.destroy()],
])('%s of every server is reported for each of them', async (_, wrong) => {
  answer = wrong;
  expect(await fieldsOf({ servers: [url(), 'https://127.0.0.1:1'] })).toEqual([
    expect.objectContaining({ code: 'API_UNREACHABLE', host: url() }),
    expect.objectContaining({ code: 'API_UNREACHABLE', host: 'https://127.0.0.1:1' }),
  ]);
});
