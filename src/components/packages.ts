import type { Cluster } from '../cluster/cluster.ts';
import { type HostState, hostState, type PackageNeed } from '../host/state.ts';

/**
 * Packages of the distribution. Since 1.34 at the latest neither kube-proxy nor the kubelet runs `conntrack`, `socat`
 * or `ethtool`: conntrack entries use netlink, and port-forwarding is containerd's own.
 */
export const haproxyPackage: PackageNeed = {
  command: 'haproxy',
  apt: 'haproxy',
  dnf: 'haproxy',
  zypper: 'haproxy',
  disableUnit: 'haproxy.service',
};

/** The tool with which kube-proxy, flannel and portmap write their rules. */
export function firewallTool(cluster: Cluster): HostState {
  return hostState({ packages: [packageByMode[cluster.kubeProxy.mode]] });
}

const packageByMode: Readonly<Record<Cluster['kubeProxy']['mode'], PackageNeed>> = {
  iptables: { command: 'iptables', apt: 'iptables', dnf: 'iptables-nft', zypper: 'iptables' },
  nftables: { command: 'nft', apt: 'nftables', dnf: 'nftables', zypper: 'nftables' },
};
