import { X509Certificate } from 'node:crypto';
import ipaddr from 'ipaddr.js';

/** The usages of a leaf certificate. */
export type Usage = 'serverAuth' | 'clientAuth';

const usageIds: Readonly<Record<string, Usage>> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
};

/** The certificate, or `undefined` if the text is not one. */
export function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** SHA-256 of the DER form, lower-case hex. */
export function fingerprint(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

/** The first moment at which the certificate is valid; X.509 has whole seconds. */
export function notBefore(certificate: X509Certificate): Date {
  return new Date(certificate.validFrom);
}

/** The last moment at which the certificate is valid; X.509 has whole seconds. */
export function notAfter(certificate: X509Certificate): Date {
  return new Date(certificate.validTo);
}

/** Whether this CA signed that certificate. Verifies the signature, not only the name. */
export function signedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

/** `O=…` and `CN=…`, sorted: their order has no meaning to Kubernetes. */
export function subjectOf(certificate: X509Certificate): readonly string[] {
  return (certificate.subject ?? '').split('\n').sort();
}

/** Extended key usages, sorted; an unknown one as its object identifier. */
export function usagesOf(certificate: X509Certificate): readonly string[] {
  return (certificate.keyUsage ?? []).map((id) => usageIds[id] ?? id).sort();
}

/** Subject alternative names as `DNS:…` and `IP:…`, sorted, addresses normalised. */
export function namesOf(certificate: X509Certificate): readonly string[] {
  const names = certificate.subjectAltName?.split(', ') ?? [];
  return names
    .map((name) => (name.startsWith('IP Address:') ? `IP:${oneSpelling(name.slice('IP Address:'.length))}` : name))
    .sort();
}

/** `::1` and `0:0:0:0:0:0:0:1` are one address. */
export function oneSpelling(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.parse(address).toNormalizedString() : address;
}
