import type { Cluster } from '../cluster/cluster.ts';
import type { ProxySettings } from '../host/state.ts';

/** The proxy of cluster.yaml, if it has one. The cluster's own addresses are always excluded, in addition to the user's list. */
export function proxyOf({ proxy, network, hosts }: Cluster): ProxySettings | undefined {
  if (proxy === undefined) return undefined;
  const { serviceSubnet, podSubnet, dnsDomain } = network;
  const inside = ['127.0.0.1', 'localhost', `.${dnsDomain}`, serviceSubnet, podSubnet];
  const noProxy = [...proxy.noProxy, ...inside, ...hosts.map(({ address }) => address)].join(',');
  return { http: proxy.http, https: proxy.https, noProxy };
}
