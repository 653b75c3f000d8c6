import type { Cluster, Host } from '../cluster/cluster.ts';
import { type HostState, hostState, leavings } from '../host/state.ts';
import { components } from '../layout/components.ts';
import { paths, places } from '../layout/paths.ts';
import { type Architecture, kubernetesBinary } from './downloads.ts';
import { json, rootDirectory, rootFile } from './files.ts';
import { flagList } from './flags.ts';
import { onceJoined, waitsForJoin } from './join.ts';
import { type Fragment, merged } from './merge.ts';
import { listens } from './readiness.ts';
import { unit } from './reads.ts';
import { memoryStays, quickPings, serviceText } from './unit-text.ts';

/** kube-proxy as a service of the host. It waits until the kubelet has joined, because it reads its Node from the API. */
export function kubeProxyState(cluster: Cluster, host: Host, architecture: Architecture): HostState {
  const program = `${cluster.binDir}/kube-proxy`;
  return hostState({
    directories: [rootDirectory('/var/lib/kube-proxy')],
    files: [rootFile(places.kubeProxyConfig, json(kubeProxyConfig(cluster, host)))],
    downloads: [kubernetesBinary(cluster, architecture, 'kube-proxy')],
    leaves: [
      ...leavings('chain', 'KUBE-'),
      ...leavings('table', 'ip kube-proxy', 'ip6 kube-proxy'),
      // Of the mode ipvs, which kubeProxy.config could set.
      ...leavings('interface', 'kube-ipvs0'),
      // By its conntrack settings, and for NodePorts at 127.0.0.1.
      ...leavings('tuned', ...tunedSettings),
    ],
    units: [
      unit({
        name: components.kubeProxy.unit,
        content: serviceText({
          description: 'kube-proxy, Services on a Kubernetes node',
          documentation: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-proxy/',
          unit: [`After=${components.apiBalancer.unit} ${components.kubelet.unit}`],
          command: [program, ...flagList({ config: places.kubeProxyConfig }, cluster.kubeProxy.extraArgs)],
          // It looks up its node's addresses for 30 s, and then continues with wrong ones.
          service: [...waitsForJoin, 'LimitNOFILE=1048576', 'OOMScoreAdjust=-998', ...quickPings, ...memoryStays],
        }),
        ready: {
          command: onceJoined(listens(components.kubeProxy.ports.health.port)),
          timeoutSeconds: 90,
          hint: 'kube-proxy does not reach the API through the local balancer, or lacks the tool of its mode: see its journal.',
        },
      }),
    ],
  });
}

/** cmd/kube-proxy/app/conntrack.go and pkg/proxy/iptables/proxier.go of v1.37. */
const tunedSettings = [
  'net.netfilter.nf_conntrack_max',
  'net.netfilter.nf_conntrack_tcp_timeout_established',
  'net.netfilter.nf_conntrack_tcp_timeout_close_wait',
  'net.netfilter.nf_conntrack_tcp_be_liberal',
  'net.netfilter.nf_conntrack_udp_timeout',
  'net.netfilter.nf_conntrack_udp_timeout_stream',
  'net.ipv4.conf.all.route_localnet',
];

/** https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/ */
function kubeProxyConfig(cluster: Cluster, host: Host): Fragment {
  const ours = {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: paths.proxyConf },
    hostnameOverride: host.nodeName,
    clusterCIDR: cluster.network.podSubnet,
    // Explicit, because the default will change.
    mode: cluster.kubeProxy.mode,
    // Only on the node's own address; if this is unset, kube-proxy reports its configuration as incomplete.
    nodePortAddresses: ['primary'],
    // CIS 4.3.1.
    metricsBindAddress: `127.0.0.1:${components.kubeProxy.ports.metrics.port}`,
    healthzBindAddress: `0.0.0.0:${components.kubeProxy.ports.health.port}`,
  };
  return merged(ours, cluster.kubeProxy.config);
}
