import ipaddr from 'ipaddr.js';
import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { apiServerUrl } from '../layout/addresses.ts';
import { components, type LeafPair } from '../layout/components.ts';
import { roleSecrets } from '../layout/secrets.ts';
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

/** All leaf certificates of a host: those of the components of its roles. Names and paths are kubeadm's. */
export function certificatesFor(cluster: Cluster, host: Host): readonly WantedCertificate[] {
  const serving: Readonly<Record<Role, (cluster: Cluster, host: Host) => readonly WantedCertificate[]>> = {
    etcd: (_, each) => memberCertificates(each),
    master: (...each) => [apiserverCertificate(...each)],
    node: (_, each) => [kubeletCertificate(each)],
  };
  return host.roles.flatMap((role) => [...serving[role](cluster, host), ...clientCertificates(cluster, host, role)]);
}

/** The file name of a wanted certificate in logs. */
export function pathOf({ place }: WantedCertificate): string {
  return place.kind === 'pair' ? place.crt : place.path;
}

function clientCertificates(cluster: Cluster, host: Host, role: Role): readonly WantedCertificate[] {
  const { pairs, kubeconfigs } = roleSecrets(role);
  const server = role === 'master' ? apiServerUrl(host.address, cluster.api.port) : localServer(cluster);
  const clientOnly = { dns: [], ips: [], usages: ['clientAuth'] } as const;
  return [
    ...pairs.flatMap((pair) =>
      pair.user === undefined ? [] : [{ ...inFiles(pair), commonName: pair.user, ...clientOnly }],
    ),
    ...kubeconfigs.map(({ path, user, group }): WantedCertificate => {
      const who = group === undefined ? { commonName: user } : { commonName: user, organization: group };
      return { authority: 'kubernetes', place: { kind: 'kubeconfig', path, server, user }, ...who, ...clientOnly };
    }),
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

function memberCertificates(host: Host): readonly WantedCertificate[] {
  const { server, peer } = components.etcd.certificates;
  const names = dnsAndIps([host.name, host.nodeName, 'localhost', host.address, '127.0.0.1']);
  // Members also use their certificates as clients: the server certificate to themselves, the peer certificate to each other.
  const usages: readonly Usage[] = ['clientAuth', 'serverAuth'];
  return [server, peer].map((pair) => ({ ...inFiles(pair), commonName: host.nodeName, ...names, usages }));
}

function kubeletCertificate(host: Host): WantedCertificate {
  return {
    ...inFiles(components.kubelet.certificates.serving),
    commonName: `system:node:${host.nodeName}`,
    organization: 'system:nodes',
    ...dnsAndIps([host.nodeName, host.name, host.address]),
    // Not clientAuth: a stolen key must not give access to the API as the node.
    usages: ['serverAuth'],
  };
}

function inFiles({ authority, crt, key, owner }: LeafPair): Pick<WantedCertificate, 'authority' | 'place'> {
  return { authority, place: { kind: 'pair', crt, key, keyOwner: owner } };
}

/** Each name once, sorted, so the order in cluster.yaml does not change a certificate. */
function dnsAndIps(names: readonly string[]): { readonly dns: readonly string[]; readonly ips: readonly string[] } {
  const unique = [...new Set(names.map(oneSpelling))].sort();
  return { dns: unique.filter((name) => !ipaddr.isValid(name)), ips: unique.filter((name) => ipaddr.isValid(name)) };
}
