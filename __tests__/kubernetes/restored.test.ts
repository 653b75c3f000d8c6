import { expect, test } from '@jest/globals';
import type { ApiClient } from '../../src/kubernetes/api-client.ts';
import { ApiProblem } from '../../src/kubernetes/api-problem.ts';
import { correctRestored } from '../../src/kubernetes/restored.ts';

const meta = (name: string, resourceVersion: string) => ({ metadata: { name, resourceVersion } });
const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady' };
const pressure = { type: 'DiskPressure', status: 'False' };

/** An API with two nodes and three leases; the object at `written` was written by its program meanwhile. */
function apiWith(written = '') {
  const patches: [string, unknown][] = [];
  const lists: Readonly<Record<string, readonly object[]>> = {
    nodes: [
      { ...meta('old', '900'), status: { conditions: [pressure, ready] } },
      { ...meta('back', '1000001005'), status: { conditions: [ready] } },
    ],
    leases: [meta('kube-scheduler', '999'), meta('kube-controller-manager', '1000001001'), meta('other', '3')],
  };
  const api = {
    list: async (path: string) => ({ metadata: {}, items: lists[path.split('/').at(-1) ?? ''] }),
    patch: async (path: string, body: unknown) => {
      if (path.includes(written || 'no object')) throw new ApiProblem('written', { code: 'API_CONFLICT' }, 409);
      patches.push([path, body]);
    },
  };
  return { api: api as unknown as ApiClient, patches };
}

test('nodes and leaders of the backup are no longer as they were; those that have reported since stay', async () => {
  const { api, patches } = apiWith();
  expect(await correctRestored(api, 1000)).toEqual(['Node old', 'Lease kube-scheduler']);
  expect(patches).toMatchObject([
    [
      '/api/v1/nodes/old/status',
      {
        metadata: { resourceVersion: '900' },
        status: { conditions: [pressure, { status: 'Unknown', reason: 'Restored' }] },
      },
    ],
    [
      '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler',
      { metadata: { resourceVersion: '999' }, spec: { holderIdentity: '' } },
    ],
  ]);
});

test('an object that its program has written meanwhile is left alone', async () => {
  expect(await correctRestored(apiWith('nodes/old').api, 1000)).toEqual(['Lease kube-scheduler']);
});
