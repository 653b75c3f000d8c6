import type { IncomingMessage, ServerResponse } from 'node:http';
import { beforeAll, expect, test } from '@jest/globals';
import { migrateStorage, rewriteObjects } from '../../src/kubernetes/index.ts';
import { RecordingLog } from '../../src/log.ts';
import { OddApiServer, type OddCluster, oddCluster } from './odd-api-server.ts';

let cluster: OddCluster;
beforeAll(async () => {
  cluster = await oddCluster();
});

const signal = new AbortController().signal;
const rewriting = () => ({ resource: 'secrets', log: new RecordingLog(), signal });

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const refusal = (code: number, reason: string) => ({ kind: 'Status', reason, message: 'no', code });
const metadata = (name: string) => ({ metadata: { name, namespace: 'default' } });

test('a Kubernetes without migrations says so', async () => {
  await using server = await OddApiServer.start(cluster, (_, response) =>
    answer(response, 404, refusal(404, 'NotFound')),
  );
  expect(await migrateStorage(server.api, 'a', rewriting())).toBe(false);
});

test.each([
  ['Succeeded', true],
  ['Failed', false],
])('a migration that has %s ends, and is deleted', async (type, expected) => {
  const seen: string[] = [];
  let looks = 0;
  await using server = await OddApiServer.start(cluster, ({ method, url }, response) => {
    seen.push(`${method} ${url?.split('?')[0]?.split('/').at(-1)}`);
    if (method === 'POST') return answer(response, 409, refusal(409, 'AlreadyExists'));
    if (url?.endsWith('/v1')) return answer(response, 200, { resources: [] });
    looks += 1;
    const conditions = looks > 1 ? [{ type, status: 'True' }] : [{ type: 'Running', status: 'True' }];
    answer(response, 200, { ...metadata('a'), status: { conditions } });
  });
  expect(await migrateStorage(server.api, 'a', rewriting())).toBe(expected);
  expect(seen).toEqual(['GET v1', 'POST storageversionmigrations', 'GET a', 'GET a', 'DELETE a']);
});

test('objects are patched with nothing, and none of their content is read', async () => {
  const bodies: [string, string][] = [];
  await using server = await OddApiServer.start(cluster, async (question, response) => {
    bodies.push([question.headers.accept ?? '', await bodyOf(question)]);
    if (question.method === 'GET')
      return answer(response, 200, { metadata: {}, items: [metadata('one'), metadata('gone')] });
    if (question.url?.endsWith('gone')) return answer(response, 404, refusal(404, 'NotFound'));
    answer(response, 200, metadata('one'));
  });
  expect(await rewriteObjects(server.api, rewriting())).toBe(2);
  const accepted = (kind: string) => `application/json;as=PartialObjectMetadata${kind};g=meta.k8s.io;v=v1`;
  expect(bodies).toEqual([
    [accepted('List'), ''],
    [accepted(''), '{}'],
    [accepted(''), '{}'],
  ]);
});

test('objects that a webhook refuses are named', async () => {
  await using server = await OddApiServer.start(cluster, ({ method }, response) => {
    if (method === 'GET') return answer(response, 200, { metadata: {}, items: [metadata('one')] });
    answer(response, 403, refusal(403, 'Forbidden'));
  });
  await expect(rewriteObjects(server.api, rewriting())).rejects.toMatchObject({
    code: 'REWRITE_REFUSED',
    message: expect.stringContaining('default/one'),
  });
});

test('an API server that gives no answer has refused nothing', async () => {
  await using server = await OddApiServer.start(cluster, ({ method }, response) => {
    if (method === 'GET') return answer(response, 200, { metadata: {}, items: [metadata('one')] });
    response.writeHead(200, { 'content-type': 'application/json' }).end('no object');
  });
  await expect(rewriteObjects(server.api, rewriting())).rejects.toMatchObject({ code: 'API_NONSENSE' });
});

async function bodyOf(question: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of question) text += part;
  return text;
}
