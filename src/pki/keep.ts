import type { X509Certificate } from 'node:crypto';
import type { WantedCertificate } from './certificates.ts';
import { isSoleKey } from './key-blocks.ts';
import { keyId } from './keys.ts';
import type { ClientCertificate } from './kubeconfig.ts';
import { namesOf, notAfter, notBefore, readCertificate, signedBy, subjectOf, usagesOf } from './x509-read.ts';

const renewBefore = 30 * 24 * 3600 * 1000;

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
  return contentFault(wanted, certificate) ?? timeFault(certificate, now);
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

/** A short-lived certificate (its CA expires soon) is not renewed in every run, but when a third of its lifetime is left. */
function timeFault(certificate: X509Certificate, now: Date): string | undefined {
  const [start, end] = [notBefore(certificate), notAfter(certificate)];
  const margin = Math.min(renewBefore, (end.getTime() - start.getTime()) / 3);
  if (start > now) return `not valid before ${start.toISOString()}`;
  if (end <= now) return `ended ${end.toISOString()}`;
  return end.getTime() - now.getTime() < margin ? `ends ${end.toISOString()}` : undefined;
}

function difference(what: string, has: readonly string[], wants: readonly string[]): string | undefined {
  const missing = wants.filter((each) => !has.includes(each)).map((each) => `+${each}`);
  const extra = has.filter((each) => !wants.includes(each)).map((each) => `-${each}`);
  return missing.length + extra.length > 0 ? `${what} differ: ${[...missing, ...extra].join(' ')}` : undefined;
}
