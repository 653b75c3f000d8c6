import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { askForToken, layPlugin } from '../../src/github/id-token.ts';
import { linesOf } from './workflow-commands.ts';

const temp = mkdtempSync(join(tmpdir(), 'k8s-ha-id-token-'));
const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const token = `${encoded({ alg: 'RS256' })}.${encoded({ exp: 2_000_000_000, repository: 'org/app' })}.c2lnbmF0dXJl`;
/** The next answers of GitHub's service: status and body; the last one is repeated. */
let answers: (readonly [status: number, body: string])[];
let requests: IncomingMessage[];
let service: Server;
let count = 0;

beforeAll(async () => {
  service = createServer((request, response) => {
    requests.push(request);
    const [status, body] = (answers.length > 1 ? answers.shift() : answers[0]) ?? [500, ''];
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => {
  requests = [];
  process.env.ACTIONS_ID_TOKEN_REQUEST_URL = `http://127.0.0.1:${(service.address() as AddressInfo).port}/token?api-version=2.0`;
  process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN = 'a-request-token';
});

afterEach(() => {
  delete process.env.ACTIONS_ID_TOKEN_REQUEST_URL;
  delete process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
});

afterAll(() => {
  service.close();
  rmSync(temp, { recursive: true, force: true });
});

async function plugin(audience = 'https://kubernetes.example.com/prod?a=b&c') {
  count += 1;
  return await layPlugin(join(temp, String(count)), audience);
}

test('only its owner can read the plugin, and it contains no secret', async () => {
  const { args } = await plugin();
  const [path = ''] = args;
  expect([statSync(join(path, '..')).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o500]);
  expect(readFileSync(path, 'utf8')).not.toContain('a-request-token');
});

test('a token is requested for the audience, with the job’s own request token, and masked before it is returned', async () => {
  answers = [[200, JSON.stringify({ value: token })]];
  const made = await plugin();
  let got: unknown;
  const lines = await linesOf(async () => {
    got = await askForToken(made);
  });
  expect(got).toEqual({ token, claims: expect.objectContaining({ repository: 'org/app' }), expires: new Date(2e12) });
  expect(lines).toContain(`::add-mask::${token}`);
  expect(lines.filter((line) => line.includes(token) && !line.startsWith('::add-mask::'))).toEqual([]);
  const asked = new URL(requests[0]?.url ?? '', 'http://localhost');
  expect(Object.fromEntries(asked.searchParams)).toEqual({
    'api-version': '2.0',
    audience: 'https://kubernetes.example.com/prod?a=b&c',
  });
  expect(requests[0]?.headers.authorization).toBe('Bearer a-request-token');
});

test('temporary failures are retried', async () => {
  answers = [
    [503, ''],
    [429, ''],
    [200, JSON.stringify({ value: token })],
  ];
  await linesOf(async () => expect(await askForToken(await plugin())).toMatchObject({ token }));
  expect(requests).toHaveLength(3);
});

test.each([
  ['a refusal', [403, 'no'], 'GitHub gave no token: status 403'],
  ['no JSON', [200, `x${token}`], 'GitHub gave no token: its answer has none'],
  ['no token', [200, '{"value":""}'], 'GitHub gave no token: its answer is not one'],
  ['a token of no form', [200, JSON.stringify({ value: `${token}.x` })], 'GitHub’s answer is not a token'],
] as const)('%s ends it, with a word of what to do and none of the answer', async (_, answer, message) => {
  answers = [answer];
  const error = (await linesOf(async () => {
    await expect(askForToken(await plugin())).rejects.toMatchObject({
      message,
      fields: { code: 'ID_TOKEN_UNAVAILABLE', hint: expect.stringContaining('id-token: write') },
    });
  })) as readonly string[];
  expect(error.join()).not.toContain(token);
  expect(requests).toHaveLength(1);
});

test('a job without the permission is refused before any request', async () => {
  delete process.env.ACTIONS_ID_TOKEN_REQUEST_URL;
  await expect(askForToken(await plugin())).rejects.toMatchObject({
    message: 'this job has no permission to request tokens from GitHub',
  });
  expect(requests).toEqual([]);
});
