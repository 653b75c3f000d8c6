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

/**
 * What downloads and their archives need: minimal images of Debian lack curl, wget and the certificates of public CAs, those of RHEL
 * lack tar. curl only recommends the certificates, and recommended packages are not installed.
 */
export const downloadTools: readonly PackageNeed[] = [
  { command: 'curl', instead: ['wget'], ...everywhere('curl'), forDownloads: true },
  {
    command: 'update-ca-certificates',
    instead: ['update-ca-trust'],
    ...everywhere('ca-certificates'),
    forDownloads: true,
  },
  { command: 'tar', ...everywhere('tar'), forDownloads: true },
  { command: 'gzip', ...everywhere('gzip'), forDownloads: true },
];

/** Loads the kernel's modules; minimal images lack it. */
export const moduleTool: PackageNeed = { command: 'modprobe', ...everywhere('kmod') };

function everywhere(name: string): Pick<PackageNeed, 'apt' | 'dnf' | 'zypper'> {
  return { apt: name, dnf: name, zypper: name };
}

/** The tool with which kube-proxy, flannel and portmap write their rules. */
export function firewallTool(cluster: Cluster): HostState {
  return hostState({ packages: [packageByMode[cluster.kubeProxy.mode]] });
}

const packageByMode: Readonly<Record<Cluster['kubeProxy']['mode'], PackageNeed>> = {
  iptables: { command: 'iptables', apt: 'iptables', dnf: 'iptables-nft', zypper: 'iptables' },
  nftables: { command: 'nft', apt: 'nftables', dnf: 'nftables', zypper: 'nftables' },
};
