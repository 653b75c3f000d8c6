import { authorityRecords, nextKeyPath } from '../layout/authorities.ts';
import { paths } from '../layout/paths.ts';
import { type Authorities, type AuthorityName, authorityNames } from './authorities.ts';
import type { Authority } from './authority.ts';
import type { SecretFile } from './secrets.ts';
import { readStandIn } from './stand-in.ts';
import { fingerprint, readCertificate } from './x509-read.ts';

/** The paths of CA certificates on any host: the input of `seenFingerprints`. */
export const trustPaths: readonly string[] = authorityNames.flatMap((name) => authorityRecords[name].copies);

/**
 * The files of a master with the CAs, in the order in which they must be written: a key always before its certificate
 * or public key. So a killed run leaves a key, which the next run keeps, and never a certificate without its key.
 */
export function authorityFiles(authorities: Authorities): readonly SecretFile[] {
  const pairs = authorityNames.flatMap((name) => [
    ...nextKeyFile(name, authorities[name]),
    secretFile(authorityRecords[name].key, authorities[name].key),
    publicFile(authorityRecords[name].crt, authorities[name].crt),
  ]);
  return [
    ...pairs,
    secretFile(paths.serviceAccount.key, authorities.serviceAccount.key),
    publicFile(paths.serviceAccount.pub, authorities.serviceAccount.pub),
    secretFile(paths.encryptionConfig, authorities.encryptionConfig),
  ];
}

function nextKeyFile(name: AuthorityName, { nextKey }: Authority): readonly SecretFile[] {
  const path = nextKeyPath(name);
  return path === undefined || nextKey === undefined ? [] : [secretFile(path, nextKey)];
}

/** SHA-256 of the CA certificates by name, for HostSecrets. */
export function authorityFingerprints(authorities: Authorities): Readonly<Record<AuthorityName, string>> {
  const of = (name: AuthorityName) => fingerprintOf(authorities[name].crt) ?? '';
  return { kubernetes: of('kubernetes'), etcd: of('etcd'), 'front-proxy': of('front-proxy') };
}

/** The same for the certificates of any host (nodes and etcd hosts have them at different paths). */
export function seenFingerprints(files: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const prints = authorityNames.map((name) => {
    const [text] = authorityRecords[name].copies.flatMap((path) => files.get(path) ?? []);
    return [name, text && fingerprintOf(text)] as const;
  });
  return Object.fromEntries(prints.filter((entry): entry is readonly [AuthorityName, string] => Boolean(entry[1])));
}

function fingerprintOf(pem: string): string | undefined {
  const certificate = readCertificate(pem);
  return certificate && fingerprint(certificate);
}

/** A file of root that only root can read. */
export function secretFile(path: string, content: string, owner = 'root:root'): SecretFile {
  return { path, content, mode: '600', owner, secret: true, ...hashIn(content) };
}

/** A certificate or public key: a file of root that every user can read. */
export function publicFile(path: string, content: string): SecretFile {
  return { path, content, mode: '644', owner: 'root:root', secret: false, ...hashIn(content) };
}

/** If the content is a placeholder, the hash of the file that it represents. */
function hashIn(content: string): Pick<SecretFile, 'sha256'> {
  const standIn = readStandIn(content);
  return standIn ? { sha256: standIn.sha256 } : {};
}
