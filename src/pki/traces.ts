import type { X509Certificate } from 'node:crypto';
import type { AuthorityName } from './authorities.ts';
import { clientCertificateOf } from './kubeconfig.ts';
import { paths } from './paths.ts';
import { fingerprint, readCertificate, signedBy } from './x509-read.ts';

/** What a host holds of the files that were asked for: path → content. */
export interface SeenHost {
  readonly host: string;
  readonly files: ReadonlyMap<string, string>;
}

/** A sign that an authority is in use: something on a host that came from it. */
export interface Trace {
  readonly host: string;
  readonly path: string;
  readonly authority: AuthorityName;
  /** A copy of an authority's certificate, by which the host decides whom it trusts. */
  readonly trust: boolean;
  /** Unreadable text is a sign all the same. */
  readonly certificate: X509Certificate | undefined;
}

const leafs: Readonly<Record<AuthorityName, readonly string[]>> = {
  kubernetes: [paths.apiserver.crt, paths.apiserverKubeletClient.crt, paths.kubeletServing.crt],
  etcd: [paths.apiserverEtcdClient.crt, paths.etcd.server.crt, paths.etcd.peer.crt, paths.etcd.client.crt],
  'front-proxy': [paths.frontProxyClient.crt],
};
const trustCopies: readonly string[] = [paths.ca.crt, paths.etcdCa.crt, paths.etcd.ca];
const kubeconfigs = [paths.adminConf, paths.controllerManagerConf, paths.schedulerConf, paths.proxyConf];

/** Signs of use on masters (their copies of the authorities are what is being judged, so not these) and on other hosts. */
export function findTraces(masters: readonly SeenHost[], others: readonly SeenHost[]): readonly Trace[] {
  return [...masters.flatMap(leafTraces), ...others.flatMap((host) => [...leafTraces(host), ...trustTraces(host)])];
}

/** Does this trace come from that authority: is it signed by it, or a copy of its certificate? */
export function comesFrom(trace: Trace, authority: X509Certificate): boolean {
  const { certificate } = trace;
  if (!certificate) return false;
  return fingerprint(certificate) === fingerprint(authority) || signedBy(certificate, authority);
}

function leafTraces(host: SeenHost): readonly Trace[] {
  const pairs = (Object.keys(leafs) as AuthorityName[]).flatMap((name) =>
    leafs[name].flatMap((path) => traceAt(host, path, name)),
  );
  const users = kubeconfigs.flatMap((path) => traceAt(host, path, 'kubernetes'));
  return [...pairs, ...users, ...traceAt(host, paths.etcd.ca, 'etcd')];
}

function trustTraces(host: SeenHost): readonly Trace[] {
  return [...traceAt(host, paths.ca.crt, 'kubernetes'), ...traceAt(host, paths.etcdCa.crt, 'etcd')];
}

function traceAt({ host, files }: SeenHost, path: string, authority: AuthorityName): readonly Trace[] {
  const content = files.get(path);
  if (content === undefined) return [];
  const pem = clientCertificateOf(content)?.crt ?? content;
  return [{ host, path, authority, trust: trustCopies.includes(path), certificate: readCertificate(pem) }];
}
