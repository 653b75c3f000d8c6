import { byAddress, type Cluster, type Host } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { type HostState, hostState, type KernelModule } from '../host/state.ts';
import { podNetwork } from './networks/index.ts';
import { downloadTools, moduleTool } from './packages.ts';
import { proxyOf } from './proxy.ts';

/** The preparation of every host: its name, the names of the others, and the kernel settings for its role. */
export function hostPreparation(cluster: Cluster, host: Host, role: Role): HostState {
  const isNode = role === 'node';
  const proxy = proxyOf(cluster);
  return hostState({
    ...(proxy && { proxy }),
    ...(host.hostname !== undefined && { hostname: host.hostname }),
    packages: isNode ? [...downloadTools, moduleTool] : downloadTools,
    hostEntries: byAddress(cluster.hosts).map(({ address, name, nodeName }) => ({
      address,
      names: [...new Set([nodeName, name])],
    })),
    swapOff: isNode,
    modules: isNode ? nodeModules(cluster) : [],
    sysctls: isNode ? { ...limits, ...forwarding, ...kubeletKernel } : limits,
  });
}

/**
 * With `check`, because modprobe fails in containers and on kernels that have these features built in.
 * https://kubernetes.io/docs/setup/production-environment/container-runtimes/
 */
function nodeModules(cluster: Cluster): KernelModule[] {
  return [
    { name: 'overlay', check: 'filesystem:overlay' },
    { name: 'br_netfilter', check: '/proc/sys/net/bridge/bridge-nf-call-iptables' },
    { name: 'nf_conntrack', check: '/proc/sys/net/netfilter/nf_conntrack_max' },
    ...podNetwork(cluster).modules(cluster),
  ];
}

/** What a node's kernel must have: the modules above, and the matches of kube-proxy's rules, which iptables loads by itself. */
export function kernelFeatures(cluster: Cluster): readonly KernelModule[] {
  const rules = cluster.kubeProxy.mode === 'nftables' ? ['nf_tables'] : ['xt_comment', 'xt_conntrack', 'xt_statistic'];
  const proxied = podNetwork(cluster).replacesKubeProxy ? [] : rules;
  return [...nodeModules(cluster), ...proxied.map((name) => ({ name }))];
}

/** Enough for the watches of an API server and of the pods' log readers; distributions' defaults are too low. */
const limits = {
  'fs.inotify.max_user_instances': '8192',
  'fs.inotify.max_user_watches': '524288',
};

/** Other names of our settings, with which another file can undo them. https://docs.kernel.org/networking/ip-sysctl.html */
export const sysctlAliases: Readonly<Record<string, string>> = {
  'net.ipv4.ip_forward': 'net.ipv4.conf.all.forwarding',
};

const forwarding = {
  'net.ipv4.ip_forward': '1',
  'net.bridge.bridge-nf-call-iptables': '1',
  'net.bridge.bridge-nf-call-ip6tables': '1',
};

/** The values that a kubelet with protectKernelDefaults requires, otherwise it exits (pkg/kubelet/cm/container_manager_linux.go). */
const kubeletKernel = {
  'vm.overcommit_memory': '1',
  'vm.panic_on_oom': '0',
  'kernel.panic': '10',
  'kernel.panic_on_oops': '1',
  'kernel.keys.root_maxkeys': '1000000',
  'kernel.keys.root_maxbytes': '25000000',
};
