import { expect, test } from '@jest/globals';
import { waitForApiServer } from '../../src/kubernetes/apiserver-health.ts';
import type { ApiClient } from '../../src/kubernetes/index.ts';

const answering = (status: number, text: string) =>
  ({ host: 'master-1', raw: async () => ({ status, text }) }) as unknown as ApiClient;

test('an API server that does not become ready is a problem with the checks that fail', async () => {
  const text = '[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed';
  await expect(waitForApiServer(answering(500, text), { timeoutMs: 0 })).rejects.toMatchObject({
    code: 'API_SERVER_NOT_READY',
    message: expect.stringContaining('etcd'),
    fields: { host: 'master-1', unit: 'kube-apiserver' },
  });
  await waitForApiServer(answering(200, 'ok'), { timeoutMs: 0 });
});
