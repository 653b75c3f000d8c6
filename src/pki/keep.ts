import type { X509Certificate } from 'node:crypto';
import type { WantedCertificate } from './certificates.ts';
import { isSoleKey } from './key-blocks.ts';
import { keyId } from './keys.ts';
import type { ClientCertificate } from './kubeconfig.ts';
import { namesOf, notAfter, notBefore, readCertificate, signedBy, subjectOf, usagesOf } from './x509-read.ts';

const renewBefore = 30 * 24 * 3600 * 1000;

/** Why a pair that a host has can't stay, or `undefined` where it can. */
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
  if (id !== keyId(crt)) return 'its key does not fit';
  // The origin of text around a key is unknown, and so is whether it is secret.
  if (!isSoleKey(key)) return 'there is more than the key in its file';
  if (!signedBy(certificate, authority)) return `not signed by the cluster’s ${wanted.authority} authority`;
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

/** A short-lived certificate (its authority ends soon) is not renewed by every run: a third of its life is enough. */
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
