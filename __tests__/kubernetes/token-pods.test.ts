import { beforeAll, expect, test } from '@jest/globals';
import { type TokenPod, tokenPods, workloadOf } from '../../src/kubernetes/index.ts';
import { OddApiServer, type OddCluster, oddCluster } from './odd-api-server.ts';

let cluster: OddCluster;
beforeAll(async () => {
  cluster = await oddCluster();
});

const { signal } = new AbortController();
const owner = (kind: string, name: string) => ({ kind, name, controller: true });
const pod = (name: string, volume: object, more: { metadata?: object; status?: object } = {}) => ({
  metadata: { name, namespace: 'shop', creationTimestamp: '2026-11-28T08:00:00Z', ...more.metadata },
  spec: { volumes: [{ emptyDir: {} }, volume] },
  status: { phase: 'Running', ...more.status },
});
const token = { projected: { sources: [{ serviceAccountToken: {} }, { configMap: { name: 'kube-root-ca.crt' } }] } };

const pods = [
  pod('with-token', token, { metadata: { ownerReferences: [owner('StatefulSet', 'db')] } }),
  pod('with-ca', { configMap: { name: 'kube-root-ca.crt' } }),
  pod('with-secret', { secret: { secretName: 'robot' } }),
  pod('with-other-secret', { secret: { secretName: 'other' } }),
  pod('with-nothing', { configMap: { name: 'own' } }),
  pod('ended', token, { status: { phase: 'Succeeded' } }),
  pod('ending', token, { metadata: { deletionTimestamp: '2026-11-28T08:00:00Z' } }),
  pod('without-time', token, { metadata: { creationTimestamp: undefined } }),
];

test('pods that may use the API are those that mount a token or the CA, and run on', async () => {
  await using server = await OddApiServer.start(cluster, ({ url = '' }, response) => {
    const secrets = [{ metadata: { name: 'robot', namespace: 'shop' } }];
    const items = url.includes('/secrets') ? secrets : pods;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ metadata: {}, items }));
  });
  const found = await tokenPods(server.api, signal);
  expect(found.map(({ name }) => name)).toEqual(['with-token', 'with-ca', 'with-secret', 'without-time']);
  expect(found.map(({ created }) => created?.toISOString())).toEqual([
    ...Array(3).fill('2026-11-28T08:00:00.000Z'),
    undefined,
  ]);
  expect(found[0]?.owner?.name).toBe('db');
});

test.each([
  [owner('StatefulSet', 'db'), { kind: 'StatefulSet', namespace: 'shop', name: 'db' }],
  [owner('ReplicaSet', 'web-5f'), { kind: 'Deployment', namespace: 'shop', name: 'web' }],
  [owner('ReplicaSet', 'gone'), undefined],
  [owner('Job', 'once'), undefined],
  [undefined, undefined],
])('the workload of a pod of %j', async (of, expected) => {
  await using server = await OddApiServer.start(cluster, ({ url = '' }, response) => {
    const metadata = { name: 'web-5f', ownerReferences: [owner('Deployment', 'web')] };
    const gone = { kind: 'Status', reason: 'NotFound', code: 404, message: 'gone' };
    const isThere = url.includes('/web-5f');
    const answer = JSON.stringify(isThere ? { metadata } : gone);
    response.writeHead(isThere ? 200 : 404, { 'content-type': 'application/json' }).end(answer);
  });
  const one: TokenPod = { namespace: 'shop', name: 'a', created: undefined, owner: of };
  expect(await workloadOf(server.api, one)).toEqual(expected);
});
