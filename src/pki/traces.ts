import type { X509Certificate } from 'node:crypto';
import { type AuthorityName, authorityNames, authorityRecords } from '../layout/authorities.ts';
import { paths } from '../layout/paths.ts';
import { roles } from '../layout/roles.ts';
import { leafsOf, roleSecrets } from '../layout/secrets.ts';
import { clientCertificateOf } from './kubeconfig.ts';
import { fingerprint, readCertificate, signedBy } from './x509-read.ts';

/** A host's files at the requested paths: path → content. */
export interface SeenHost {
  readonly host: string;
  readonly files: ReadonlyMap<string, string>;
}

/** A proof that a CA is in use: a file on a host that came from it. */
export interface Trace {
  readonly host: string;
  readonly path: string;
  readonly authority: AuthorityName;
  /** A copy of a CA certificate, which the host trusts. */
  readonly trust: boolean;
  /** Unreadable text is also a proof. */
  readonly certificate: X509Certificate | undefined;
}

const kubeconfigs = roles.flatMap((role) => roleSecrets(role).kubeconfigs);

/** Proofs of use on masters (except the masters' copies of the CAs, which are being checked) and on other hosts. */
export function findTraces(masters: readonly SeenHost[], others: readonly SeenHost[]): readonly Trace[] {
  return [...masters.flatMap(leafTraces), ...others.flatMap((host) => [...leafTraces(host), ...trustTraces(host)])];
}

/** Whether this file came from that CA: signed by it, or a copy of its certificate. */
export function comesFrom(trace: Trace, authority: X509Certificate): boolean {
  const { certificate } = trace;
  if (!certificate) return false;
  return fingerprint(certificate) === fingerprint(authority) || signedBy(certificate, authority);
}

function leafTraces(host: SeenHost): readonly Trace[] {
  const pairs = authorityNames.flatMap((name) => leafsOf(name).flatMap((path) => traceAt(host, path, name)));
  const users = kubeconfigs.flatMap(({ path }) => traceAt(host, path, 'kubernetes'));
  return [...pairs, ...users, ...traceAt(host, paths.etcd.ca, 'etcd')];
}

function trustTraces(host: SeenHost): readonly Trace[] {
  return [...traceAt(host, paths.ca.crt, 'kubernetes'), ...traceAt(host, paths.etcdCa.crt, 'etcd')];
}

function traceAt({ host, files }: SeenHost, path: string, authority: AuthorityName): readonly Trace[] {
  const content = files.get(path);
  if (content === undefined) return [];
  const pem = clientCertificateOf(content)?.crt ?? content;
  const copies: readonly string[] = authorityRecords[authority].copies;
  return [{ host, path, authority, trust: copies.includes(path), certificate: readCertificate(pem) }];
}
