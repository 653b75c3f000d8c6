import { beforeAll, expect, test } from '@jest/globals';
import { longestPodToken } from '../../src/kubernetes/index.ts';
import { OddApiServer, type OddCluster, oddCluster } from './odd-api-server.ts';

let cluster: OddCluster;
beforeAll(async () => {
  cluster = await oddCluster();
});

const { signal } = new AbortController();
const driver = (...tokenRequests: object[]) => ({ metadata: { name: 'a.csi.example' }, spec: { tokenRequests } });
const pod = (...sources: object[]) => ({
  metadata: { name: 'a', namespace: 'default' },
  spec: { volumes: [{ emptyDir: {} }, { projected: { sources } }] },
});

test.each([
  ['no pod and no driver', [], [], 0],
  ['volumes of pods', [pod({ serviceAccountToken: { expirationSeconds: 7200 } }, { configMap: {} })], [], 7200],
  ['a driver', [pod({ serviceAccountToken: {} })], [driver({ audience: 'a', expirationSeconds: 172_800 })], 172_800],
  ['a driver that names no time', [], [driver({ audience: '' })], 3600],
  ['a driver without requests', [], [{ metadata: { name: 'b' }, spec: {} }], 0],
])('the longest token that kubelets ask for: %s', async (_, pods, drivers, seconds) => {
  await using server = await OddApiServer.start(cluster, ({ url = '' }, response) => {
    const items = url.includes('/csidrivers') ? drivers : pods;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ metadata: {}, items }));
  });
  expect(await longestPodToken(server.api, signal)).toBe(seconds);
});
