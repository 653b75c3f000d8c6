import type { Argv } from '../../lab/command.ts';
import { clientCommand } from '../../lab/workload.ts';
import type { Administrator } from './administrator.ts';
import { cmdlineOf, familyOf, initOf, inNetworkOf } from './networks.ts';
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

/** Objects that are made through a node's load balancer, five a second, in a namespace: `write-AT`, by the moment of its sample. */
export async function writerOn(
  node: string,
  administrator: Administrator,
  namespace: string,
): Promise<() => Promise<Sample[]>> {
  const creates = { write: `${localApi}/api/v1/namespaces/${namespace}/configmaps` };
  const spec = { targets: {}, creates, everyMs: 200, timeoutMs: 10_000 };
  return await startRequests(inNetworkOf(node, requestsDriver), { ...spec, ...administrator });
}

/** Ten requests a second to the Service `web` by its name, from the pod on the node that runs {@link clientCommand}. */
export async function serviceClientOf(
  node: string,
  { ca }: Pick<Administrator, 'ca'>,
  dns = '10.96.0.2',
): Promise<() => Promise<Sample[]>> {
  const driver = requestsDriver.map((word) => word.replace('requests-driver', 'service-driver'));
  const spec = { name: 'web.default.svc.cluster.local', dns, everyMs: 100, timeoutMs: 10_000 };
  return await startRequests(inNetworkOfClient(node, driver), { ...spec, targets: {}, ca });
}

/** The command line that runs one of this machine's programs in the network of that pod. */
export function inNetworkOfClient(node: string, argv: readonly string[]): Argv {
  const pid = familyOf(initOf(node)).find((each) => cmdlineOf(each) === `${clientCommand.join('\0')}\0`);
  if (pid === undefined) throw new Error(`no client pod on ${node}`);
  return ['nsenter', `--target=${pid}`, '--net', ...argv];
}
