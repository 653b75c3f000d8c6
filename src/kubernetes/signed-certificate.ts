import type { KeyObject } from 'node:crypto';
import { fingerprint, notAfter, notBefore, readCertificate, signedBy } from '../pki/x509-read.ts';
import { type NamePart, readName } from './certificate-request.ts';
import { contentOf, type Der, partsOf, readDer, tags } from './der.ts';
import { readPem } from './pem.ts';

/** The approved properties that a certificate shows. */
export interface ApprovedCertificate {
  readonly subject: readonly NamePart[];
  readonly publicKey: KeyObject;
  readonly keyEncipherment: boolean;
  /** The maximum validity in milliseconds. Default: no limit. */
  readonly seconds?: number | undefined;
}

/** Kube-controller-manager lets a certificate begin this much earlier, for clocks that are behind. */
const backdatedMs = 5 * 60_000;
/** The maximum difference between a host's clock and the runner's; check-hosts refuses larger ones. */
const clockMs = 60_000;

/** The OIDs of extensions, content in hex, and the allowed contents in a client certificate. Source: RFC 5280, section 4.2.1 */
const extensions = { subjectAltName: '551d11', keyUsage: '551d0f', basicConstraints: '551d13', extKeyUsage: '551d25' };
const [clientAuth, notCa] = ['300a06082b06010505070302', '3000'];
const keyUsages = { signature: '03020780', signatureAndEncipherment: '030205a0' };

/**
 * The difference between the signed certificate and the approved request; undefined if there is none.
 * @param ca PEM of the CA that must have signed it.
 */
export function differenceFrom(approved: ApprovedCertificate, pem: string, ca: string, now: Date): string | undefined {
  try {
    return firstDifference(approved, pem, ca, now);
  } catch {
    return 'it can’t be read';
  }
}

function firstDifference(approved: ApprovedCertificate, pem: string, ca: string, now: Date): string | undefined {
  const { subject, publicKey, asked } = readSigned(pem);
  const [certificate, issuer] = [readCertificate(pem), readCertificate(ca)];
  if (!certificate || !issuer) return 'it can’t be read';
  if (spell(subject) !== spell(approved.subject)) return `its subject is ${spell(subject)}`;
  if (!publicKey.equals(approved.publicKey.export({ type: 'spki', format: 'der' }))) return 'it is for another key';
  if (asked.has(extensions.subjectAltName)) return 'it has alternative names';
  if (asked.get(extensions.extKeyUsage) !== clientAuth) return 'its usage is not that of a client alone';
  const usage = asked.get(extensions.keyUsage);
  const fits =
    usage === keyUsages.signature || (approved.keyEncipherment && usage === keyUsages.signatureAndEncipherment);
  if (!fits) return 'its key has other usages';
  if ((asked.get(extensions.basicConstraints) ?? notCa) !== notCa) return 'it is a CA’s';
  if (!signedBy(certificate, issuer)) return 'the cluster’s CA has not signed it';
  return timeDifference([notBefore(certificate), notAfter(certificate)], approved.seconds, notAfter(issuer), now);
}

function timeDifference([start, end]: readonly [Date, Date], seconds: number | undefined, last: Date, now: Date) {
  if (start.getTime() > now.getTime() + clockMs || end <= now) return 'it is not valid now';
  if (end > last) return 'it outlives the CA';
  const longest = seconds === undefined ? Number.POSITIVE_INFINITY : seconds * 1000 + backdatedMs + clockMs;
  return end.getTime() - start.getTime() > longest ? `it is valid until ${end.toISOString()}` : undefined;
}

/** What identifies a certificate in a log. */
export function printOf(pem: string): string {
  const certificate = readCertificate(pem);
  return certificate ? `SHA-256 ${fingerprint(certificate)}, serial number ${certificate.serialNumber}` : 'unreadable';
}

/** The order of a subject's parts has no meaning to Kubernetes. */
function spell(subject: readonly NamePart[]): string {
  const parts = subject.map(({ attribute, value }) => `${attribute}=${JSON.stringify(value)}`);
  return parts.toSorted().join(', ');
}

/** With the decoder that read the request. Source: RFC 5280, section 4.1 @throws Error */
function readSigned(pem: string) {
  const [info] = partsOf(readDer(readPem(pem, 'CERTIFICATE')), tags.sequence);
  const [, , , , , name, key, ...more] = partsOf(info, tags.sequence);
  const list = more.filter(({ tag }) => tag === contextThree).flatMap((each) => partsOf(each, contextThree));
  const all = list.flatMap((each) => partsOf(each, tags.sequence)).map(readExtension);
  const asked = new Map(all);
  if (asked.size !== all.length) throw new Error('an extension is there twice');
  return { subject: readName(name), publicKey: key?.bytes ?? Buffer.alloc(0), asked };
}

/** `[3]`, constructed: a certificate's extensions. */
const contextThree = 0xa3;
const octetString = 0x04;

function readExtension(extension: Der): readonly [oid: string, content: string] {
  const parts = partsOf(extension, tags.sequence);
  return [contentOf(parts[0], tags.oid).toString('hex'), contentOf(parts.at(-1), octetString).toString('hex')];
}
