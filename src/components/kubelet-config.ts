import type { Cluster, Host } from '../cluster/cluster.ts';
import { components } from '../layout/components.ts';
import { paths, places } from '../layout/paths.ts';
import { strongCipherSuites } from './flags.ts';
import { type Fragment, merged } from './merge.ts';

/**
 * kubeadm's configuration and CIS 4.2, with the user's values on top. `resolvConf`: the file of resolver.ts.
 * https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
 */
export function kubeletConfig(cluster: Cluster, host: Host, resolvConf: string | undefined): Fragment {
  const ours = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: paths.ca.crt },
    },
    authorization: { mode: 'Webhook' },
    cgroupDriver: 'systemd',
    clusterDNS: [cluster.dnsAddress],
    clusterDomain: cluster.network.dnsDomain,
    containerRuntimeEndpoint: `unix://${places.containerdSocket}`,
    // These are on by default, and no part of a cluster uses them.
    enableDebugFlagsHandler: false,
    enableProfilingHandler: false,
    eventRecordQPS: 50,
    failSwapOn: true,
    healthzBindAddress: '127.0.0.1',
    healthzPort: components.kubelet.ports.health.port,
    makeIPTablesUtilChains: true,
    podPidsLimit: 4096,
    protectKernelDefaults: true,
    readOnlyPort: 0,
    ...(resolvConf !== undefined && { resolvConf }),
    rotateCertificates: true,
    seccompDefault: true,
    streamingConnectionIdleTimeout: '4h0m0s',
    // Our certificate instead of serverTLSBootstrap: no controller in the cluster approves serving certificates, and the hosts are known.
    tlsCertFile: paths.kubeletServing.crt,
    tlsPrivateKeyFile: paths.kubeletServing.key,
    tlsMinVersion: 'VersionTLS12',
    tlsCipherSuites: [...strongCipherSuites],
    ...(host.taints.length > 0 && { registerWithTaints: host.taints }),
  };
  return merged(ours, cluster.kubelet.config);
}
