import type { Administrator } from './administrator.ts';
import { inNetworkOf } from './networks.ts';
import { requestsDriver, type Sample, startRequests } from './requests.ts';
import { localApi } from './seed-hosts.ts';

/** A read that goes through an API server to etcd. */
const path = '/api/v1/namespaces/default';

/** Ten new connections a second on a node through its load balancer, from now until it is stopped. `target` is their name in the samples. */
export async function clientsOf(
  node: string,
  administrator: Administrator,
  target = node,
): Promise<() => Promise<Sample[]>> {
  const spec = { targets: { [target]: `${localApi}${path}` }, everyMs: 100, timeoutMs: 10_000 };
  return await startRequests(inNetworkOf(node, requestsDriver), { ...spec, ...administrator });
}
