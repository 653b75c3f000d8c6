import type { Cluster, Host } from '../cluster/cluster.ts';
import { type HostState, hostState, leavings } from '../host/state.ts';
import { components } from '../layout/components.ts';
import { paths, places } from '../layout/paths.ts';
import { type Architecture, kubernetesBinary } from './downloads.ts';
import { json, rootDirectory, rootFile } from './files.ts';
import { type Flags, flagList } from './flags.ts';
import { kubeletConfig } from './kubelet-config.ts';
import { ownLabels } from './node-labels.ts';
import { listens } from './readiness.ts';
import { unit } from './reads.ts';
import { memoryStays, quickPings, serviceText } from './unit-text.ts';

/** The kubelet, its configuration file and its data directory (700: it has the volumes of Secrets). */
export function kubeletState(
  cluster: Cluster,
  host: Host,
  facts: { readonly architecture: Architecture; readonly resolvConf?: string | undefined },
): HostState {
  const program = `${cluster.binDir}/kubelet`;
  const needed = `${components.containerd.unit} ${components.apiBalancer.unit}`;
  return hostState({
    directories: [rootDirectory(places.kubeletRoot, '700')],
    // CIS 4.1.9 and 4.1.10.
    files: [rootFile(places.kubeletConfig, json(kubeletConfig(cluster, host, facts.resolvConf)))],
    downloads: [kubernetesBinary(cluster, facts.architecture, 'kubelet')],
    leaves: [
      ...leavings('tree', places.kubeletRoot, paths.kubeletConf, '/usr/libexec/kubernetes'),
      ...leavings('tree', '/var/log/pods', '/var/log/containers', '/run/kubernetes'),
      ...leavings('cgroup', 'kubepods'),
      // Marks of the kubelet in iptables, and its rule for packets that claim to be of the loopback.
      ...leavings('chain', 'KUBE-'),
    ],
    units: [
      unit({
        name: components.kubelet.unit,
        content: serviceText({
          description: 'kubelet, the agent of a Kubernetes node',
          documentation: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kubelet/',
          unit: [`Wants=${needed}`, `After=${needed}`],
          command: [program, ...flagList(kubeletFlags(host), cluster.kubelet.extraArgs)],
          // Pods' processes belong to containerd; the kubelet's own (mounts, probes) may end with it.
          service: ['LimitNOFILE=1048576', 'OOMScoreAdjust=-999', ...quickPings, ...memoryStays],
        }),
        ready: {
          // Also ready before its certificate is approved: with rotation on, it joins in the background.
          command: listens(components.kubelet.ports.health.port),
          timeoutSeconds: 60,
          hint: `The kubelet exits at once without ${paths.kubeletConf} or ${paths.bootstrapKubeletConf}, or if a key of kubelet.config is wrong: see its journal.`,
        },
      }),
    ],
  });
}

/** Flags that are not deprecated in favour of the configuration file. */
function kubeletFlags(host: Host): Flags {
  const labels = Object.entries(ownLabels(host.labels)).map(([name, value]) => `${name}=${value}`);
  return {
    config: places.kubeletConfig,
    kubeconfig: paths.kubeletConf,
    'bootstrap-kubeconfig': paths.bootstrapKubeletConf,
    'node-ip': host.address,
    // CIS 4.2.7: only if the host keeps a name that is not its node's.
    'hostname-override': host.hostname === undefined ? host.nodeName : undefined,
    'node-labels': labels.length === 0 ? undefined : labels.join(','),
  };
}
