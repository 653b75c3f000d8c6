import type { AuthorityName } from './authorities.ts';
import { paths } from './paths.ts';
import type { Role } from './roles.ts';

/** Who has to reach a port: other hosts, or the host itself alone. */
type From = 'hosts' | 'loopback';

interface Reach {
  readonly from: From;
  /** Roles whose own processes connect to it on other hosts. Absent: clients outside of the table, or none. */
  readonly clients?: readonly Role[];
}

/** A port that cluster.yaml does not choose. */
export interface FixedPort extends Reach {
  readonly port: number;
  /** Whose it is, for messages. */
  readonly use: string;
  /** Default: TCP. */
  readonly protocol?: 'udp';
}

/** A port that is a key of `api` in cluster.yaml. */
export interface DerivedPort extends Reach {
  readonly key: 'port' | 'localPort';
  /** Its default. */
  readonly usual: number;
}

/** A leaf certificate and its key. What a server's certificate says is in src/pki/certificates.ts. */
export interface LeafPair {
  readonly authority: AuthorityName;
  readonly crt: string;
  readonly key: string;
  /** Of the key: `user:group`. */
  readonly owner: string;
  /** Common name of a certificate that is only a client's: the user that its holder is. */
  readonly user?: string;
}

/** A kubeconfig with a client certificate of the CA `kubernetes`. */
export interface UserConfig {
  readonly path: string;
  /** Common name of the certificate. */
  readonly user: string;
  /** Its organization. */
  readonly group?: string;
}

/** What all rooms may know of a component: where it runs, its unit, ports and secrets. What it is made of is in src/components. */
export interface ComponentRecord {
  readonly roles: readonly Role[];
  /** With its suffix; absent: it runs as a pod, or is a command. */
  readonly unit?: string;
  /** Ports by a name of ours. */
  readonly ports: Readonly<Record<string, FixedPort | DerivedPort>>;
  /** By a name of ours. Its roles get them. */
  readonly certificates?: Readonly<Record<string, LeafPair>>;
  /** Its roles get it. */
  readonly kubeconfig?: UserConfig;
}

type Files = Pick<LeafPair, 'crt' | 'key'>;
const server = (authority: AuthorityName, files: Files, owner = 'root:root') => ({ authority, ...files, owner });
const client = (authority: AuthorityName, files: Files, user: string) => ({ ...server(authority, files), user });

/**
 * Every component. The checks of ports in cluster.yaml and on hosts, the words on firewalls, the secrets of a role (secrets.ts), the units
 * that a failover check stops and the table of ports in SECURITY.md derive from it or are compared with it.
 */
export const components = {
  etcd: {
    roles: ['etcd'],
    unit: 'etcd.service',
    ports: {
      clients: { port: 2379, use: 'etcd’s clients', from: 'hosts', clients: ['etcd', 'master'] },
      peers: { port: 2380, use: 'etcd’s peers', from: 'hosts', clients: ['etcd'] },
      metrics: { port: 2381, use: 'etcd’s metrics', from: 'loopback' },
      http: { port: 2382, use: 'etcd’s health', from: 'hosts', clients: ['master'] },
    },
    certificates: {
      server: server('etcd', paths.etcd.server, 'etcd:etcd'),
      peer: server('etcd', paths.etcd.peer, 'etcd:etcd'),
      etcdctl: client('etcd', paths.etcd.client, 'kube-etcd-healthcheck-client'),
    },
  },
  /** A master's own load balancer of etcd's members. */
  etcdBalancer: {
    roles: ['master'],
    unit: 'kube-etcd-haproxy.service',
    ports: { etcd: { port: 2383, use: 'the masters’ balancer of etcd', from: 'loopback' } },
  },
  /** A master's kubectl, for its root: emergency access if RBAC itself is broken. Its kubeconfig never leaves the masters. */
  kubectl: {
    roles: ['master'],
    ports: {},
    kubeconfig: { path: paths.adminConf, user: 'kubernetes-admin', group: 'system:masters' },
  },
  apiServer: {
    roles: ['master'],
    unit: 'kube-apiserver.service',
    ports: { api: { key: 'port', usual: 6443, from: 'hosts', clients: ['master', 'node'] } },
    certificates: {
      serving: server('kubernetes', paths.apiserver),
      // Its permissions come from a binding to system:kubelet-api-admin, not from system:masters.
      kubeletClient: client('kubernetes', paths.apiserverKubeletClient, 'kube-apiserver-kubelet-client'),
      etcdClient: client('etcd', paths.apiserverEtcdClient, 'kube-apiserver-etcd-client'),
      frontProxyClient: client('front-proxy', paths.frontProxyClient, 'front-proxy-client'),
    },
  },
  controllerManager: {
    roles: ['master'],
    unit: 'kube-controller-manager.service',
    ports: { health: { port: 10257, use: 'the controller-manager', from: 'loopback' } },
    kubeconfig: { path: paths.controllerManagerConf, user: 'system:kube-controller-manager' },
  },
  scheduler: {
    roles: ['master'],
    unit: 'kube-scheduler.service',
    ports: { health: { port: 10259, use: 'the scheduler', from: 'loopback' } },
    kubeconfig: { path: paths.schedulerConf, user: 'system:kube-scheduler' },
  },
  containerd: { roles: ['node'], unit: 'containerd.service', ports: {} },
  /** A node's own load balancer of the API servers. */
  apiBalancer: {
    roles: ['node'],
    unit: 'kube-haproxy.service',
    ports: { api: { key: 'localPort', usual: 5002, from: 'loopback' } },
  },
  kubelet: {
    roles: ['node'],
    unit: 'kubelet.service',
    ports: {
      health: { port: 10248, use: 'the kubelet’s health', from: 'loopback' },
      api: { port: 10250, use: 'the kubelet', from: 'hosts', clients: ['master'] },
    },
    certificates: { serving: server('kubernetes', paths.kubeletServing) },
  },
  flannel: {
    roles: ['node'],
    unit: 'flanneld.service',
    // Of VXLAN on Linux (flannel's Documentation/backends.md).
    ports: { vxlan: { port: 8472, use: 'flannel’s VXLAN', from: 'hosts', clients: ['node'], protocol: 'udp' } },
  },
  kubeProxy: {
    roles: ['node'],
    unit: 'kube-proxy.service',
    ports: {
      metrics: { port: 10249, use: 'kube-proxy’s metrics', from: 'loopback' },
      health: { port: 10256, use: 'kube-proxy’s health', from: 'hosts' },
    },
    kubeconfig: { path: paths.proxyConf, user: 'system:kube-proxy' },
  },
  /** On the network of any node, where the kubelet has upstream's 10250. */
  metricsServer: {
    roles: ['node'],
    ports: { https: { port: 4443, use: 'metrics-server', from: 'hosts', clients: ['master'] } },
  },
} as const satisfies Readonly<Record<string, ComponentRecord>>;

/** The units of a role's components, with their suffix. */
export function unitsOfRole(role: Role): readonly string[] {
  const records: readonly ComponentRecord[] = Object.values(components);
  return records.filter(({ roles }) => roles.includes(role)).flatMap(({ unit }) => unit ?? []);
}

/** A unit's name without its suffix, as journalctl -u and Kubernetes' leases have it. */
export function withoutSuffix<Name extends string>(unit: `${Name}.service`): Name {
  return unit.slice(0, -'.service'.length) as Name;
}
