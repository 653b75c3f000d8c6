import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import type Forge from 'node-forge';
import type { Authority } from './authority.ts';
import { publicHalf } from './keys.ts';
import type { Usage } from './x509-read.ts';

const day = 24 * 3600 * 1000;
/** A new certificate must be valid at once on hosts whose clocks are slightly behind. */
const clockSkew = 5 * 60 * 1000;
const leafDays = 365;
const authorityLife = 3650 * day;

/** The subject and names of a leaf certificate. */
export interface Leaf {
  readonly commonName: string;
  readonly organization?: string;
  readonly dns: readonly string[];
  readonly ips: readonly string[];
  readonly usages: readonly Usage[];
  /** How long it is valid. Default: a year. */
  readonly days?: number;
}

/** Signs the public key (PEM) for a leaf; returns the certificate as PEM. */
export type Signer = (leaf: Leaf, publicKey: string, now: Date) => string;

interface Draft {
  readonly subject: Forge.pki.CertificateField[];
  /** The CA's subject; absent for a self-signed certificate. */
  readonly issuer?: Forge.asn1.Asn1;
  readonly publicKey: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly object[];
}

/** node-forge takes 75 ms to load, and a run that issues no certificate does not need it. */
async function loadForge(): Promise<typeof Forge> {
  return (await import('node-forge')).default;
}

/** A self-signed CA certificate for an existing key, valid for ten years. */
export async function selfSign(commonName: string, key: string, now: Date): Promise<string> {
  const forge = await loadForge();
  const draft: Draft = {
    subject: [{ name: 'commonName', value: commonName }],
    publicKey: publicHalf(key),
    notBefore: new Date(now.getTime() - clockSkew),
    notAfter: new Date(now.getTime() + authorityLife),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, cRLSign: true, critical: true },
      { name: 'subjectKeyIdentifier' },
    ],
  };
  return write(forge, draft, key);
}

/** Creates the signer of a CA. A leaf certificate never outlives its CA. */
export async function signerOf(authority: Authority): Promise<Signer> {
  const forge = await loadForge();
  const issuer = forge.pki.certificateFromPem(authority.crt);
  const issuerName = subjectNode(issuer.tbsCertificate);
  const authorityEnd = issuer.validity.notAfter.getTime();
  const identifier = issuer.getExtension('subjectKeyIdentifier') as { subjectKeyIdentifier?: string } | null;
  const keyIdentifier = identifier?.subjectKeyIdentifier;
  const fromAuthority = keyIdentifier
    ? [{ name: 'authorityKeyIdentifier', keyIdentifier: forge.util.hexToBytes(keyIdentifier) }]
    : [];
  return (leaf, publicKey, now) => {
    const draft: Draft = {
      subject: subjectFields(leaf),
      issuer: issuerName,
      publicKey,
      notBefore: new Date(now.getTime() - clockSkew),
      notAfter: new Date(Math.min(now.getTime() + (leaf.days ?? leafDays) * day, authorityEnd)),
      extensions: [...leafExtensions(leaf), ...fromAuthority],
    };
    return write(forge, draft, authority.key);
  };
}

function subjectFields(leaf: Leaf): Forge.pki.CertificateField[] {
  const organization = leaf.organization ? [{ name: 'organizationName', value: leaf.organization }] : [];
  return [...organization, { name: 'commonName', value: leaf.commonName }];
}

function leafExtensions(leaf: Leaf): readonly object[] {
  const dns = leaf.dns.map((value) => ({ type: 2, value }));
  const ips = leaf.ips.map((ip) => ({ type: 7, ip }));
  const altNames = [...dns, ...ips];
  return [
    { name: 'basicConstraints', cA: false, critical: true },
    // An elliptic-curve key does not encipher: RFC 8813, section 3.
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', ...Object.fromEntries(leaf.usages.map((usage) => [usage, true])) },
    ...(altNames.length > 0 ? [{ name: 'subjectAltName', altNames }] : []),
  ];
}

/**
 * forge encodes the structure, node:crypto signs it: 0.3 ms instead of forge's 16 ms. forge supports only RSA keys, so it gets
 * the signing key first, and the real public key replaces it before signing.
 */
function write(forge: typeof Forge, draft: Draft, signingKey: string): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicHalf(signingKey));
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = draft.notBefore;
  certificate.validity.notAfter = draft.notAfter;
  certificate.setSubject(draft.subject);
  certificate.setIssuer(draft.subject);
  certificate.setExtensions([...draft.extensions]);
  const key = createPrivateKey(signingKey);
  const nativeKey = {
    sign: () => {
      replaceNodes(certificate.tbsCertificate, {
        publicKey: publicKeyNode(forge, draft.publicKey),
        ...(draft.issuer && { issuer: draft.issuer }),
      });
      const der = Buffer.from(forge.asn1.toDer(certificate.tbsCertificate).getBytes(), 'latin1');
      return sign('sha256', der, key).toString('latin1');
    },
  };
  // forge calls only this method of a key.
  certificate.sign(nativeKey as unknown as Forge.pki.rsa.PrivateKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll('\r', '');
}

/** Their positions in a TBSCertificate with a version. Source: RFC 5280, section 4.1 */
const places = { issuer: 3, subject: 5, publicKey: 6 } as const;

/** A name must be copied bit for bit. forge does not preserve a non-ASCII name when it reads and writes it, so its ASN.1 is copied. */
function subjectNode(tbsCertificate: Forge.asn1.Asn1): Forge.asn1.Asn1 {
  const subject = nodesOf(tbsCertificate)[places.subject];
  if (!subject) throw new TypeError('a certificate without a subject');
  return subject;
}

function publicKeyNode(forge: typeof Forge, pem: string): Forge.asn1.Asn1 {
  const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  return forge.asn1.fromDer(forge.util.createBuffer(der.toString('latin1')));
}

function replaceNodes(
  tbsCertificate: Forge.asn1.Asn1,
  nodes: { readonly [Part in keyof typeof places]?: Forge.asn1.Asn1 },
): void {
  for (const [part, node] of Object.entries(nodes)) nodesOf(tbsCertificate)[places[part as keyof typeof places]] = node;
}

function nodesOf({ value }: Forge.asn1.Asn1): Forge.asn1.Asn1[] {
  return Array.isArray(value) ? value : [];
}

/** 16 random bytes, positive and without a leading zero, as RFC 5280 requires. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
