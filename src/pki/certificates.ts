import ipaddr from 'ipaddr.js';
import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { apiServerUrl } from '../layout/addresses.ts';
import { components, type LeafPair } from '../layout/components.ts';
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
  const { kubeletClient, etcdClient, frontProxyClient } = components.apiServer.certificates;
  const server = apiServerUrl(host.address, cluster.api.port);
  const user = ({ kubeconfig }: { readonly kubeconfig: string }, name: string, organization?: string) =>
    client(inKubeconfig(kubeconfig, server, name), name, organization);
  return [
    apiserverCertificate(cluster, host),
    // Its permissions come from a binding to system:kubelet-api-admin, not from system:masters.
    client(inFiles(kubeletClient), 'kube-apiserver-kubelet-client'),
    client(inFiles(etcdClient), 'kube-apiserver-etcd-client'),
    client(inFiles(frontProxyClient), 'front-proxy-client'),
    // Emergency access if RBAC itself is broken; it never leaves the masters.
    user(components.kubectl, 'kubernetes-admin', 'system:masters'),
    user(components.controllerManager, 'system:kube-controller-manager'),
    user(components.scheduler, 'system:kube-scheduler'),
  ];
}

function apiserverCertificate(cluster: Cluster, host: Host): WantedCertificate {
  const service = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster'];
  const domain = `kubernetes.default.svc.${cluster.network.dnsDomain}`;
  const masters = hostsWith(cluster, 'master').map((master) => master.address);
  const names = [...service, domain, host.name, host.nodeName, 'localhost', host.address, ...masters];
  const all = [...names, cluster.serviceAddress, '127.0.0.1', ...cluster.api.certSANs];
  return {
    ...inFiles(components.apiServer.certificates.serving),
    commonName: 'kube-apiserver',
    ...dnsAndIps(all),
    usages: ['serverAuth'],
  };
}

function etcdCertificates(host: Host): readonly WantedCertificate[] {
  const { server, peer, etcdctl } = components.etcd.certificates;
  const names = dnsAndIps([host.name, host.nodeName, 'localhost', host.address, '127.0.0.1']);
  // Members also use their certificates as clients: the server certificate to themselves, the peer certificate to each other.
  const usages: readonly Usage[] = ['clientAuth', 'serverAuth'];
  const member = { commonName: host.nodeName, ...names, usages };
  return [
    { ...inFiles(server), ...member },
    { ...inFiles(peer), ...member },
    client(inFiles(etcdctl), 'kube-etcd-healthcheck-client'),
  ];
}

function nodeCertificates(cluster: Cluster, host: Host): readonly WantedCertificate[] {
  const user = 'system:kube-proxy';
  return [
    {
      ...inFiles(components.kubelet.certificates.serving),
      commonName: `system:node:${host.nodeName}`,
      organization: 'system:nodes',
      ...dnsAndIps([host.nodeName, host.name, host.address]),
      // Not clientAuth: a stolen key must not give access to the API as the node.
      usages: ['serverAuth'],
    },
    client(inKubeconfig(components.kubeProxy.kubeconfig, localServer(cluster), user), user),
  ];
}

/** Where a certificate is, and the CA that signs it. */
type Placed = Pick<WantedCertificate, 'authority' | 'place'>;

function client(placed: Placed, commonName: string, organization?: string): WantedCertificate {
  const who = organization === undefined ? { commonName } : { commonName, organization };
  return { ...placed, ...who, dns: [], ips: [], usages: ['clientAuth'] };
}

function inFiles({ authority, crt, key, owner }: LeafPair): Placed {
  return { authority, place: { kind: 'pair', crt, key, keyOwner: owner } };
}

function inKubeconfig(path: string, server: string, user: string): Placed {
  return { authority: 'kubernetes', place: { kind: 'kubeconfig', path, server, user } };
}

/** Each name once, sorted, so the order in cluster.yaml does not change a certificate. */
function dnsAndIps(names: readonly string[]): { readonly dns: readonly string[]; readonly ips: readonly string[] } {
  const unique = [...new Set(names.map(oneSpelling))].sort();
  return { dns: unique.filter((name) => !ipaddr.isValid(name)), ips: unique.filter((name) => ipaddr.isValid(name)) };
}
