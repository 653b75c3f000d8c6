import ipaddr from 'ipaddr.js';
import type { Cluster } from '../cluster/cluster.ts';
import type { ObservedNode } from '../observe/observed.ts';

/**
 * The subnet that a deleted node had, if it can have it again: it is one of the cluster's, and no other node has it.
 * @param seen an address in it with the prefix length, as flannel has it on the host: `10.244.3.1/24`. A host can say anything.
 */
export function freeSubnet(
  { network }: Pick<Cluster, 'network'>,
  seen: string | undefined,
  nodes: readonly Pick<ObservedNode, 'podSubnet'>[],
): string | undefined {
  if (seen === undefined || !ipaddr.IPv4.isValidCIDR(seen)) return undefined;
  const length = ipaddr.IPv4.parseCIDR(seen)[1];
  const subnet = `${ipaddr.IPv4.networkAddressFromCIDR(seen).toString()}/${length}`;
  const isOurs = network.podSubnet
    .split(',')
    .map((each) => each.trim())
    .some((each) => ipaddr.IPv4.isValidCIDR(each) && isWithin(subnet, each));
  if (!isOurs || length !== network.nodeCidrMaskSize) return undefined;
  return nodes.some(({ podSubnet }) => podSubnet === subnet) ? undefined : subnet;
}

function isWithin(inner: string, outer: string): boolean {
  const [address, length] = ipaddr.IPv4.parseCIDR(inner);
  const [base, most] = ipaddr.IPv4.parseCIDR(outer);
  return length >= most && address.match(base, most);
}
