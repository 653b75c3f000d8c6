import type { X509Certificate } from 'node:crypto';
import type { WantedCertificate } from './certificates.ts';
import { isSoleKey } from './key-blocks.ts';
import { keyId } from './keys.ts';
import type { ClientCertificate } from './kubeconfig.ts';
import { namesOf, notAfter, notBefore, readCertificate, signedBy, subjectOf, usagesOf } from './x509-read.ts';

/** Of its lifetime: a certificate with less left is renewed. A year's one is renewed by any of the last four monthly runs. */
const renewAtShare = 1 / 3;

/** The reason to replace a host's pair, or `undefined` to keep it. */
export function faultOf(
  wanted: WantedCertificate,
  { crt, key }: ClientCertificate,
  authority: X509Certificate,
  now: Date,
): string | undefined {
  const certificate = readCertificate(crt);
  if (!certificate) return 'unreadable';
  const id = keyId(key);
  if (id === undefined) return 'its key is unreadable';
  if (id !== keyId(crt)) return 'its key does not match';
  // Text around a key has an unknown origin and could be secret.
  if (!isSoleKey(key)) return 'its file contains more than the key';
  if (!signedBy(certificate, authority)) return `not signed by the cluster’s ${wanted.authority} CA`;
  return contentFault(wanted, certificate) ?? timeFault(certificate, authority, now);
}

function contentFault(wanted: WantedCertificate, certificate: X509Certificate): string | undefined {
  const organization = wanted.organization === undefined ? [] : [`O=${wanted.organization}`];
  const names = [...wanted.dns.map((name) => `DNS:${name}`), ...wanted.ips.map((ip) => `IP:${ip}`)];
  return (
    difference('subject', subjectOf(certificate), [...organization, `CN=${wanted.commonName}`]) ??
    difference('names', namesOf(certificate), names) ??
    difference('usages', usagesOf(certificate), wanted.usages)
  );
}

/** A certificate that ends with its CA is not renewed: the new one would end at the same moment. */
function timeFault(certificate: X509Certificate, authority: X509Certificate, now: Date): string | undefined {
  const [start, end] = [notBefore(certificate), notAfter(certificate)];
  if (start > now) return `not valid before ${start.toISOString()}`;
  if (end <= now) return `ended ${end.toISOString()}`;
  const left = end.getTime() - now.getTime();
  const isDue = left < (end.getTime() - start.getTime()) * renewAtShare && end < notAfter(authority);
  return isDue ? `ends ${end.toISOString()}` : undefined;
}

function difference(what: string, has: readonly string[], wants: readonly string[]): string | undefined {
  const missing = wants.filter((each) => !has.includes(each)).map((each) => `+${each}`);
  const extra = has.filter((each) => !wants.includes(each)).map((each) => `-${each}`);
  return missing.length + extra.length > 0 ? `${what} differ: ${[...missing, ...extra].join(' ')}` : undefined;
}
