import ipaddr from 'ipaddr.js';
import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { paths } from '../layout/paths.ts';
import type { AuthorityName } from './authorities.ts';
import { localServer } from './kubeconfig.ts';
import { oneSpelling, type Usage } from './x509-read.ts';
import type { Leaf } from './x509-write.ts';

/** The place of a certificate: a pair of files, or inside a kubeconfig. */
export type Place =
  | { readonly kind: 'pair'; readonly crt: string; readonly key: string; readonly keyOwner: string }
  | { readonly kind: 'kubeconfig'; readonly path: string; readonly server: string; readonly user: string };

/** A leaf certificate that a host needs. */
export interface WantedCertificate extends Leaf {
  readonly authority: AuthorityName;
  readonly place: Place;
}

/** All leaf certificates of a host, by its roles; names and paths are kubeadm's. */
export function certificatesFor(cluster: Cluster, host: Host): readonly WantedCertificate[] {
  const byRole: Readonly<Record<Role, (cluster: Cluster, host: Host) => readonly WantedCertificate[]>> = {
    etcd: (_, each) => etcdCertificates(each),
    master: masterCertificates,
    node: nodeCertificates,
  };
  return host.roles.flatMap((role) => byRole[role](cluster, host));
}

/** The file name of a wanted certificate in logs. */
export function pathOf({ place }: WantedCertificate): string {
  return place.kind === 'pair' ? place.crt : place.path;
}

function masterCertificates(cluster: Cluster, host: Host): readonly WantedCertificate[] {
  const server = `https://${bracketed(host.address)}:${cluster.api.port}`;
  const user = (path: string, name: string, organization?: string) =>
    client('kubernetes', name, { kind: 'kubeconfig', path, server, user: name }, organization);
  return [
    apiserverCertificate(cluster, host),
    // Its permissions come from a binding to system:kubelet-api-admin, not from system:masters.
    client('kubernetes', 'kube-apiserver-kubelet-client', pair(paths.apiserverKubeletClient)),
    client('etcd', 'kube-apiserver-etcd-client', pair(paths.apiserverEtcdClient)),
    client('front-proxy', 'front-proxy-client', pair(paths.frontProxyClient)),
    // Emergency access if RBAC itself is broken; it never leaves the masters.
    user(paths.adminConf, 'kubernetes-admin', 'system:masters'),
    user(paths.controllerManagerConf, 'system:kube-controller-manager'),
    user(paths.schedulerConf, 'system:kube-scheduler'),
  ];
}

function apiserverCertificate(cluster: Cluster, host: Host): WantedCertificate {
  const service = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster'];
  const domain = `kubernetes.default.svc.${cluster.network.dnsDomain}`;
  const masters = hostsWith(cluster, 'master').map((master) => master.address);
  const names = [...service, domain, host.name, host.nodeName, 'localhost', host.address, ...masters];
  const all = [...names, cluster.serviceAddress, '127.0.0.1', ...cluster.api.certSANs];
  return {
    authority: 'kubernetes',
    commonName: 'kube-apiserver',
    ...dnsAndIps(all),
    usages: ['serverAuth'],
    place: pair(paths.apiserver),
  };
}

function etcdCertificates(host: Host): readonly WantedCertificate[] {
  const names = dnsAndIps([host.name, host.nodeName, 'localhost', host.address, '127.0.0.1']);
  // Members also use their certificates as clients: the server certificate to themselves, the peer certificate to each other.
  const usages: readonly Usage[] = ['clientAuth', 'serverAuth'];
  const member = { authority: 'etcd', commonName: host.nodeName, ...names, usages } as const;
  return [
    { ...member, place: pair(paths.etcd.server, 'etcd:etcd') },
    { ...member, place: pair(paths.etcd.peer, 'etcd:etcd') },
    client('etcd', 'kube-etcd-healthcheck-client', pair(paths.etcd.client)),
  ];
}

function nodeCertificates(cluster: Cluster, host: Host): readonly WantedCertificate[] {
  const user = 'system:kube-proxy';
  return [
    {
      authority: 'kubernetes',
      commonName: `system:node:${host.nodeName}`,
      organization: 'system:nodes',
      ...dnsAndIps([host.nodeName, host.name, host.address]),
      // Not clientAuth: a stolen key must not give access to the API as the node.
      usages: ['serverAuth'],
      place: pair(paths.kubeletServing),
    },
    client('kubernetes', user, { kind: 'kubeconfig', path: paths.proxyConf, server: localServer(cluster), user }),
  ];
}

function client(authority: AuthorityName, commonName: string, place: Place, organization?: string): WantedCertificate {
  const who = organization === undefined ? { commonName } : { commonName, organization };
  return { authority, ...who, dns: [], ips: [], usages: ['clientAuth'], place };
}

function pair({ crt, key }: { readonly crt: string; readonly key: string }, keyOwner = 'root:root'): Place {
  return { kind: 'pair', crt, key, keyOwner };
}

/** Each name once, sorted, so the order in cluster.yaml does not change a certificate. */
function dnsAndIps(names: readonly string[]): { readonly dns: readonly string[]; readonly ips: readonly string[] } {
  const unique = [...new Set(names.map(oneSpelling))].sort();
  return { dns: unique.filter((name) => !ipaddr.isValid(name)), ips: unique.filter((name) => ipaddr.isValid(name)) };
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
