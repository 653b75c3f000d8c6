import { dirname } from 'node:path/posix';
import type { Cluster, Host } from '../cluster/cluster.ts';
import { components } from '../layout/components.ts';
import { paths, places } from '../layout/paths.ts';
import { etcdServers } from './etcd-balancer.ts';
import { type Flags, flagValue, strongCipherSuites } from './flags.ts';

/**
 * How long a stopping API server continues to serve while /readyz already fails. Our load balancer removes it within 1.4 s:
 * up to 1 s to the first check that fails, one more 0.25 s later (haproxy.ts), and 0.1 s for the checks themselves;
 * the rest is a reserve for a busy host. It is not longer, because three masters must restart, one after the other, within 45 s:
 * each needs this delay, 3.6 s to close its connections and 3.8 s to start and be ready (measured, v1.37.2).
 */
const shutdownDelay = '3s';

/** kubeadm's flags of v1.37 (manifests.go), then ours: CIS 1.2, graceful restarts, and masters outside the pod network. */
export function apiserverFlags(cluster: Cluster, host: Host): Flags {
  return { ...kubeadmFlags(cluster, host), ...hardening, ...serving, ...instead(cluster) };
}

function kubeadmFlags(cluster: Cluster, host: Host): Flags {
  const { network } = cluster;
  return {
    'advertise-address': host.address,
    'secure-port': String(cluster.api.port),
    'allow-privileged': 'true',
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    'enable-bootstrap-token-auth': 'true',
    'client-ca-file': paths.ca.crt,
    'tls-cert-file': paths.apiserver.crt,
    'tls-private-key-file': paths.apiserver.key,
    'kubelet-client-certificate': paths.apiserverKubeletClient.crt,
    'kubelet-client-key': paths.apiserverKubeletClient.key,
    'kubelet-preferred-address-types': 'InternalIP,ExternalIP,Hostname',
    'service-cluster-ip-range': network.serviceSubnet,
    'service-node-port-range': network.serviceNodePortRange,
    'service-account-issuer': `https://kubernetes.default.svc.${network.dnsDomain}`,
    'service-account-key-file': paths.serviceAccount.pub,
    'service-account-signing-key-file': paths.serviceAccount.key,
    'etcd-servers': etcdServers(cluster, host).join(','),
    'etcd-cafile': paths.etcdCa.crt,
    'etcd-certfile': paths.apiserverEtcdClient.crt,
    'etcd-keyfile': paths.apiserverEtcdClient.key,
    'requestheader-client-ca-file': paths.frontProxyCa.crt,
    'requestheader-allowed-names': components.apiServer.certificates.frontProxyClient.user,
    'requestheader-username-headers': 'X-Remote-User',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'proxy-client-cert-file': paths.frontProxyClient.crt,
    'proxy-client-key-file': paths.frontProxyClient.key,
  };
}

/** CIS 1.2; the log's numbers are those of CIS 1.2.17 to 1.2.19. */
const hardening: Flags = {
  'authentication-config': places.authenticationConfig,
  'kubelet-certificate-authority': paths.ca.crt,
  'encryption-provider-config': paths.encryptionConfig,
  'audit-policy-file': places.auditPolicy,
  'audit-log-path': places.auditLog,
  'audit-log-maxage': '30',
  'audit-log-maxbackup': '10',
  'audit-log-maxsize': '100',
  profiling: 'false',
  'service-account-extend-token-expiration': 'false',
  'tls-min-version': 'VersionTLS12',
  'tls-cipher-suites': strongCipherSuites.join(','),
};

const serving: Flags = {
  'event-ttl': '1h',
  'shutdown-delay-duration': shutdownDelay,
  // By default an API server with open watches takes the whole minute of --request-timeout to exit.
  'shutdown-send-retry-after': 'true',
  // One request in a thousand moves its connection to another master, so that a returned master gets its share again.
  'goaway-chance': '0.001',
  // A master may have no kube-proxy, so it uses the pods' addresses of metrics-server and webhooks.
  'enable-aggregator-routing': 'true',
};

/** Our flag is left out if the user sets the other one: the API server refuses both together. */
function instead({ apiServer }: Cluster): Flags {
  const replaced = apiServer.extraArgs.some(({ name }) => name === 'authorization-config');
  return replaced ? { 'authorization-mode': undefined } : {};
}

/** The file of the audit log, which users may choose. */
export function auditLogPath({ apiServer }: Cluster): string {
  return flagValue('audit-log-path', places.auditLog, apiServer.extraArgs);
}

/** The directory of the audit log. */
export function auditLogDirectory(cluster: Cluster): string {
  return dirname(auditLogPath(cluster));
}
