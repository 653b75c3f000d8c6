import { contains, parseAddress, parseSubnet } from '../cluster/addresses.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { ProxySettings } from '../host/state.ts';

/**
 * The proxy of cluster.yaml, if it has one. The cluster's own addresses and names are always excluded, in addition to the user's list: the
 * subnets for containerd (Go reads them, curl since 7.86), every address and name for programs that read no subnets.
 */
export function proxyOf(cluster: Cluster): ProxySettings | undefined {
  const { proxy, network, hosts, removed, api } = cluster;
  if (proxy === undefined) return undefined;
  const users = proxy.noProxy.map((entry) => entry.replace(/^\*\./, '.'));
  const { serviceSubnet, podSubnet, dnsDomain } = network;
  const names = [...hosts, ...removed].flatMap(({ address, name, nodeName }) => [address, name, nodeName]);
  const inside = ['localhost', '127.0.0.1', '127.0.0.0/8', '.svc', `.${dnsDomain}`, serviceSubnet, podSubnet];
  const all = [...users, ...mirrorIn(users, cluster), ...inside, ...names, ...api.certSANs.filter(isPlain)];
  return { http: proxy.http, https: proxy.https, noProxy: [...new Set(all)].join(',') };
}

/** The mirror's address, if the user's list excludes it by a subnet: wget and older curls do not read subnets. */
function mirrorIn(noProxy: readonly string[], { mirror }: Cluster): readonly string[] {
  const host = mirror === undefined ? '' : new URL(mirror).hostname;
  const address = parseAddress(host);
  const subnets = noProxy.map(parseSubnet);
  const isInside = address !== undefined && subnets.some((subnet) => subnet && contains(subnet, address));
  return isInside ? [host] : [];
}

/** Names with a wildcard would match more in some programs and nothing in others. */
function isPlain(name: string): boolean {
  return !name.includes('*');
}
