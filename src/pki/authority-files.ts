import { type Authorities, type AuthorityName, authorityNames } from './authorities.ts';
import { paths } from './paths.ts';
import type { SecretFile } from './secrets.ts';
import { readStandIn } from './stand-in.ts';
import { fingerprint, readCertificate } from './x509-read.ts';

/** Where a master keeps the authorities. */
export const authorityPlaces: Readonly<Record<AuthorityName, { readonly crt: string; readonly key: string }>> = {
  kubernetes: paths.ca,
  etcd: paths.etcdCa,
  'front-proxy': paths.frontProxyCa,
};

/** All paths that `findAuthorities` wants to see of a master, besides `secretPathsFor`. */
export const authorityPaths: readonly string[] = [
  ...authorityNames.flatMap((name) => [authorityPlaces[name].key, authorityPlaces[name].crt]),
  paths.serviceAccount.key,
  paths.serviceAccount.pub,
  paths.encryptionConfig,
];

/** Where any host has certificates of the authorities: what `seenFingerprints` looks at. */
export const trustPaths: readonly string[] = [
  ...authorityNames.map((name) => authorityPlaces[name].crt),
  paths.etcd.ca,
];

/**
 * The files of a master that hold the authorities, in the order in which they are to be written: a key always before
 * its other half, so that a run that is killed leaves a key (to be kept) and never a certificate that nothing fits.
 */
export function authorityFiles(authorities: Authorities): readonly SecretFile[] {
  const pairs = authorityNames.flatMap((name) => [
    secretFile(authorityPlaces[name].key, authorities[name].key),
    publicFile(authorityPlaces[name].crt, authorities[name].crt),
  ]);
  return [
    ...pairs,
    secretFile(paths.serviceAccount.key, authorities.serviceAccount.key),
    publicFile(paths.serviceAccount.pub, authorities.serviceAccount.pub),
    secretFile(paths.encryptionConfig, authorities.encryptionConfig),
  ];
}

/** SHA-256 of the authorities' certificates by name, for HostSecrets. */
export function authorityFingerprints(authorities: Authorities): Readonly<Record<AuthorityName, string>> {
  const of = (name: AuthorityName) => fingerprintOf(authorities[name].crt) ?? '';
  return { kubernetes: of('kubernetes'), etcd: of('etcd'), 'front-proxy': of('front-proxy') };
}

/** The same of the certificates that any host has (a node and an etcd host hold theirs at places of their own). */
export function seenFingerprints(files: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const texts = {
    kubernetes: files.get(paths.ca.crt),
    etcd: files.get(paths.etcdCa.crt) ?? files.get(paths.etcd.ca),
    'front-proxy': files.get(paths.frontProxyCa.crt),
  };
  const prints = Object.entries(texts).map(([name, text]) => [name, text && fingerprintOf(text)] as const);
  return Object.fromEntries(prints.filter((entry): entry is readonly [AuthorityName, string] => Boolean(entry[1])));
}

function fingerprintOf(pem: string): string | undefined {
  const certificate = readCertificate(pem);
  return certificate && fingerprint(certificate);
}

/** Root's, and no one else may read it. */
export function secretFile(path: string, content: string, owner = 'root:root'): SecretFile {
  return { path, content, mode: '600', owner, secret: true, ...hashIn(content) };
}

/** A certificate or public key: root's, and anyone may read it. */
export function publicFile(path: string, content: string): SecretFile {
  return { path, content, mode: '644', owner: 'root:root', secret: false, ...hashIn(content) };
}

/** Where a stand-in is the content, the hash of the file that it stands for. */
function hashIn(content: string): Pick<SecretFile, 'sha256'> {
  const standIn = readStandIn(content);
  return standIn ? { sha256: standIn.sha256 } : {};
}
