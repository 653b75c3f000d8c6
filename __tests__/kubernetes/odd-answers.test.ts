import type { RequestListener, ServerResponse } from 'node:http';
import { beforeAll, expect, test } from '@jest/globals';
import { type Lease, readLeases, watchLeases } from '../../src/kubernetes/index.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { OddApiServer, type OddCluster, oddCluster } from './odd-api-server.ts';

let cluster: OddCluster;
beforeAll(async () => {
  cluster = await oddCluster();
});

const nodes = '/api/v1/nodes';
const text =
  (body: string, status = 200): RequestListener =>
  (_, response) =>
    void response.writeHead(status).end(body);
const json = (body: unknown): RequestListener => text(JSON.stringify(body));

/** Repeats a text as fast as it is read. */
function flood(response: ServerResponse, body: string): void {
  const go = () => {
    for (let left = 100; left > 0 && response.writable && response.write(body); left -= 1);
  };
  response.on('drain', go);
  go();
}

test.each<[what: string, answer: RequestListener, message: RegExp]>([
  ['text', text('y\ny\ny\n'), /no JSON/],
  ['nothing', text(''), /no JSON/],
  ['JSON that breaks off', text('{"items":[{"metadata":'), /no JSON/],
  ['JSON without a bottom', text('['.repeat(1_000_000)), /200 levels/],
  ['a page of a proxy', text('<html>sign in</html>'), /no JSON/],
  ['a redirect', (_, response) => void response.writeHead(302, { location: '/' }).end('{}'), /status 302/],
  ['a number', json(1), /its root/],
  ['null', json(null), /its root/],
  ['a list without items that is none', json([]), /its root/],
  ['items that are no list', json({ metadata: {}, items: { length: 1 } }), /items/],
  ['an object without metadata', json({ metadata: {}, items: [{}] }), /items.0.metadata/],
  ['an object without a name', json({ metadata: {}, items: [{ metadata: {} }] }), /items.0.metadata.name/],
  ['a name that is a number', json({ metadata: {}, items: [{ metadata: { name: 1 } }] }), /items.0.metadata.name/],
  [
    'conditions that are none',
    json({ metadata: {}, items: [{ metadata: { name: 'a' }, status: { conditions: [1] } }] }),
    /conditions/,
  ],
  ['pages without an end', json({ metadata: { continue: 'more' }, items: [] }), /100 pages/],
])(
  'a list that is %s is a problem that names the host, and is not requested without end',
  async (_, answer, message) => {
    await using server = await OddApiServer.start(cluster, answer);
    await expect(server.api.list(nodes)).rejects.toMatchObject({
      code: 'API_NONSENSE',
      message: expect.stringMatching(message),
      fields: { host: 'master-1' },
    });
    expect(server.asked.length).toBeLessThanOrEqual(100);
  },
);

test('a list of several pages is one list', async () => {
  const named = (name: string) => ({ metadata: { name } });
  await using server = await OddApiServer.start(cluster, ({ url = '' }, response) => {
    const second = url.includes('continue=more');
    const page = second
      ? { metadata: {}, items: [named('c')] }
      : { metadata: { continue: 'more' }, items: [named('a')] };
    response.end(JSON.stringify(page));
  });
  const { items } = await server.api.list(`${nodes}?fieldSelector=x`, { query: { a: 'b' } });
  expect(items).toEqual([named('a'), named('c')]);
  expect(server.asked).toEqual([
    '/api/v1/nodes?fieldSelector=x&a=b&limit=500',
    '/api/v1/nodes?fieldSelector=x&a=b&limit=500&continue=more',
  ]);
});

test('an answer that never ends is cut off by its size', async () => {
  await using server = await OddApiServer.start(cluster, (_, response) => flood(response, 'y\n'.repeat(30_000)));
  const asking = server.api.get('/api/v1/nodes/a', { timeoutMs: 60_000, retryMs: 0 });
  await expect(asking).rejects.toMatchObject({ code: 'API_NONSENSE', message: expect.stringMatching(/32 MiB/) });
});

test.each<[what: string, answer: RequestListener]>([
  ['that stalls', (_, response) => void response.writeHead(200).write('{')],
  ['that drips', (_, response) => void setInterval(() => response.write(' '), 20).unref()],
  [
    'whose head never ends',
    ({ socket }) => void setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 20).unref(),
  ],
])('an answer %s ends with its deadline', async (_, answer) => {
  await using server = await OddApiServer.start(cluster, answer);
  const began = performance.now();
  const asking = server.api.get('/api/v1/nodes/a', { timeoutMs: 400, retryMs: 0 });
  await expect(asking).rejects.toMatchObject({ code: 'API_TIMEOUT', fields: { host: 'master-1' } });
  expect(performance.now() - began).toBeLessThan(5000);
});

test('an answer that is not HTTP is nonsense', async () => {
  await using server = await OddApiServer.start(cluster, ({ socket }) => void socket.write('y\n'.repeat(1000)));
  const asking = server.api.get('/api/v1/nodes/a', { retryMs: 0 });
  await expect(asking).rejects.toMatchObject({ code: 'API_NONSENSE', message: expect.stringMatching(/no HTTP/) });
});

test.each([
  { message: { a: 1 }, reason: ['x'] },
  { message: 1, reason: 'a b; rm' },
  { message: 'x'.repeat(100_000), reason: 'NotFound' },
  { code: 'x' },
])('a refusal with odd words is a refusal: %j', async (fields) => {
  const refusal = text(JSON.stringify({ kind: 'Status', ...fields }), 404);
  await using server = await OddApiServer.start(cluster, refusal);
  const refused = await server.api.get('/api/v1/nodes/a').catch((error) => error);
  expect(refused).toMatchObject({ status: 404, code: 'API_NOT_FOUND' });
  expect(refused.message.length).toBeLessThan(1100);
});

test('invalid times of a lease are unknown', async () => {
  const spec = { holderIdentity: 'master-1_x', renewTime: 'now', acquireTime: 'x' };
  const lease = { metadata: { name: 'kube-scheduler' }, spec };
  await using server = await OddApiServer.start(cluster, json({ metadata: {}, items: [lease] }));
  const leases = await readLeases(server.api, seedCluster().hosts);
  expect(leases.get('kube-scheduler')).toMatchObject({ renewed: undefined, acquired: undefined, transitions: 0 });
});

/** The error that a watch of leases ends with, within its time. */
async function watched(answer: RequestListener, timeoutMs = 1500) {
  await using server = await OddApiServer.start(cluster, answer);
  const seen: string[] = [];
  const watching = watchLeases(server.api, seedCluster().hosts, {
    signal: AbortSignal.timeout(timeoutMs),
    onLease: ({ lease }) => seen.push(lease),
  });
  const ended = await watching.then(
    () => 'in time',
    (error: unknown) => error,
  );
  return { ended, asked: server.asked.length, seen };
}

const event = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;
const lease: Lease = { apiVersion: '', kind: 'Lease', metadata: { name: 'kube-scheduler', resourceVersion: '1' } };
const added = event('ADDED', lease);

test.each<[what: string, answer: RequestListener]>([
  ['text for ever', (_, response) => flood(response, 'y\n'.repeat(1000))],
  ['a line without an end', (_, response) => flood(response, 'y'.repeat(60_000))],
  ['a line that is no event', (_, response) => void response.write('{"type":"ADDED"}\n')],
  ['an event of an unknown type', (_, response) => void response.write(event('HELLO', lease))],
  ['an object without a name', (_, response) => void response.write(event('ADDED', { metadata: {} }))],
  ['a bookmark without a version', (_, response) => void response.write(event('BOOKMARK', { metadata: {} }))],
  ['an error that is none', (_, response) => void response.write(event('ERROR', { code: 'x' }))],
  [
    'a holder that is a number',
    (_, response) => void response.write(event('ADDED', { ...lease, spec: { holderIdentity: 1 } })),
  ],
  ['events for ever', (_, response) => flood(response, added.repeat(300))],
  ['bookmarks for ever', (_, response) => flood(response, event('BOOKMARK', lease).repeat(300))],
])('a watch that sends %s ends as a problem after three connections', async (_, answer) => {
  const { ended, asked, seen } = await watched(answer, 60_000);
  expect(ended).toMatchObject({ code: 'API_NONSENSE', fields: { host: 'master-1' } });
  expect(asked).toBe(3);
  expect(seen.length).toBeLessThan(40_000);
});

test.each<[what: string, answer: RequestListener]>([
  ['ends each connection at once', (_, response) => void response.end()],
  ['ends each connection after an event', (_, response) => void response.end(added)],
  [
    'says after each event that its version is too old',
    (_, response) => void response.write(added + event('ERROR', { kind: 'Status', code: 410 })),
  ],
  ['refuses each connection', text('{}', 503)],
])('a watch that %s is re-opened only with delays', async (_, answer) => {
  const { ended, asked } = await watched(answer);
  expect(ended).toBe('in time');
  expect(asked).toBeLessThan(10);
});

test('a watch that sends single bytes counts as dead after its time', async () => {
  const drip: RequestListener = (_, response) => void setInterval(() => response.write(' '), 20).unref();
  await using server = await OddApiServer.start(cluster, drip);
  const lost: string[] = [];
  const stop = new AbortController();
  await server.api.watch(nodes, {
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(20_000)]),
    idleMs: 300,
    onEvent: () => undefined,
    onLost: (reason) => {
      lost.push(reason);
      stop.abort();
    },
  });
  expect(lost).toEqual([expect.stringContaining('nothing heard for 300 ms')]);
});
