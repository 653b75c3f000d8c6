// Certificates by the time that is left. Pure.
import type { Host } from '../cluster/cluster.ts';
import type { Inspection } from '../host/engine.ts';
import { type AuthorityName, authorityNames, authorityRecords } from '../layout/authorities.ts';
import { places } from '../layout/paths.ts';
import { notAfter, notBefore, readCertificate } from '../pki/x509-read.ts';
import { daysUntil, endInWords, soonMs } from './ends.ts';
import type { Finding, Severity } from './finding.ts';

/** A certificate on a host, or as a server presents it. */
export interface SeenCertificate {
  /** Its file; a certificate that is served has `served` too. */
  readonly path: string;
  /** Where it was presented: `kube-apiserver, port 6443`. */
  readonly served?: string;
  readonly from: Date;
  readonly until: Date;
}

/** The certificate in a text; nothing for a text without one. Of several the first. */
export function seenCertificate(path: string, pem: string, served?: string): readonly SeenCertificate[] {
  const certificate = readCertificate(pem);
  if (!certificate) return [];
  const times = { from: notBefore(certificate), until: notAfter(certificate) };
  return [{ path, ...(served !== undefined && { served }), ...times }];
}

/** The certificates of a host's files, also of those whose keys stay on the host. */
export function certificatesOn({
  files,
  withheld,
}: Pick<Inspection, 'files' | 'withheld'>): readonly SeenCertificate[] {
  return [
    ...[...files].flatMap(([path, text]) => seenCertificate(path, text)),
    ...[...withheld].flatMap(([path, { certificate }]) => seenCertificate(path, certificate)),
  ];
}

/**
 * The days until the first of these ends; undefined if there is none. The client certificate of a kubelet, which is valid for 30 days and which
 * the kubelet renews itself, counts only if that is overdue.
 */
export function expiresInDays(certificates: readonly SeenCertificate[], now: Date): number | undefined {
  const counted = certificates.filter(
    (each) => each.path !== places.kubeletClientCert || leftMs(each, now) < limitOf(each),
  );
  return counted.length === 0 ? undefined : Math.min(...counted.map((each) => daysUntil(each.until, now)));
}

/**
 * Certificates of one host that end soon: at most one finding for its files, one for what it serves, and one for each CA. What is in both a file
 * and a server is a finding of the file.
 */
export function certificateFindings(
  { name }: Host,
  certificates: readonly SeenCertificate[],
  now: Date,
): readonly Finding[] {
  const ending = certificates.filter((each) => leftMs(each, now) < limitOf(each));
  const [served, filed] = [ending.filter(isServed), ending.filter((each) => !isServed(each))];
  const authorities = authorityNames.flatMap((authority) => {
    const copies: readonly string[] = authorityRecords[authority].copies;
    const [copy] = filed.filter(({ path }) => copies.includes(path));
    return copy ? [authorityFinding(authority, copy, now)] : [];
  });
  const ends = new Set(filed.filter(({ path }) => isAuthority(path)).map(({ until }) => until.getTime()));
  // What ends with its CA is part of the CA's finding: no run can issue it for longer.
  const leafs = filed.filter(({ path, until }) => !isAuthority(path) && !ends.has(until.getTime()));
  const only = served.filter(({ path }) => !filed.some((each) => each.path === path));
  return [
    ...authorities,
    ...leafFindings('certificates-end', name, leafs, now, 'Run a deployment: it renews them.'),
    ...leafFindings('served-certificates-end', name, only, now, 'Restart the unit: it serves an older certificate.'),
  ];
}

const isServed = ({ served }: SeenCertificate): boolean => served !== undefined;

/** Whether a run issues it again before its end: not a CA, and not what the kubelet renews itself. */
export function isRenewedByRuns({ path }: SeenCertificate): boolean {
  return !isAuthority(path) && path !== places.kubeletClientCert;
}

const isAuthority = (path: string): boolean =>
  authorityNames.some((name) => authorityRecords[name].copies.some((copy) => copy === path));

const leftMs = ({ until }: SeenCertificate, now: Date): number => until.getTime() - now.getTime();

/** Of a short-lived one a part: a run renews ours when a third is left, and a kubelet its own when 10 to 30% are. */
function limitOf({ path, from, until }: SeenCertificate): number {
  const share = path === places.kubeletClientCert ? 10 : 3;
  return Math.min(soonMs, (until.getTime() - from.getTime()) / share);
}

function severityOf(certificates: readonly SeenCertificate[], now: Date): Severity {
  return certificates.some((each) => leftMs(each, now) < limitOf(each) / 4) ? 'critical' : 'warning';
}

function leafFindings(
  kind: string,
  host: string,
  certificates: readonly SeenCertificate[],
  now: Date,
  fix: string,
): readonly Finding[] {
  const [first] = certificates.toSorted((one, other) => one.until.getTime() - other.until.getTime());
  if (!first) return [];
  const names = certificates.map(({ path, served }) => served ?? path);
  const message = `${names.join(', ')}: ${endInWords(first.until, now)}`;
  return [{ id: `${kind}/${host}`, severity: severityOf(certificates, now), subject: host, message, fix }];
}

const fixes: Readonly<Record<AuthorityName, string>> = {
  kubernetes: 'Replace it: run the action rotate with what: kubernetes-ca.',
  etcd: 'Replace it: run the action rotate with what: etcd-ca.',
  'front-proxy': 'Replace it: run the action rotate with what: front-proxy-ca.',
};

/** All hosts have the same one, so that it is one finding. */
function authorityFinding(authority: AuthorityName, copy: SeenCertificate, now: Date): Finding {
  return {
    id: `ca-ends/${authority}`,
    severity: severityOf([copy], now),
    subject: `${authority} CA`,
    message: `the ${authority} CA ${endInWords(copy.until, now)}`,
    fix: fixes[authority],
  };
}
